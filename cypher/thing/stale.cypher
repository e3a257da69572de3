// Fragment: a copy on an anchor has ceased to hold by the clock alone, so the question is asked again.
EXISTS {
  MATCH (overtaken:Anchor)
  WHERE overtaken.stale_at <= $now
}
