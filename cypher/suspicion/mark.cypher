// Fragment: which of some links are suspect.
// $links: list of string - their element ids
// Returns suspect: list of element ids, stale.
RETURN
  COLLECT {
    «links»
    «judge»
    RETURN DISTINCT elementId(link)
  } AS suspect,
  «stale» AS stale
