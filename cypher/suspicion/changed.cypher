// Fragment: the links at things that were stated more than once: only those can have changed.
// $kinds: list of string - the kinds of things whose change matters
// $prefix: string - how their ids begin; empty for all
MATCH (thing:Anchor)
WHERE thing.kind IN $kinds AND thing.utcs STARTS WITH $prefix AND thing.n > 1
CALL (thing) {
  «touching»
}
