// Fragment: the positions that are filled in some aircraft at a moment: the slots from there down, with points between.
// $aircraft: list of string - the aircraft
// Returns filled: list of [aircraft, list of positions], stale.
RETURN
  COLLECT {
    UNWIND $aircraft AS utcs
    MATCH path = (:Anchor {utcs: utcs})-[:«contains»*1..20]->()
    WHERE all(step IN relationships(path) WHERE «step_holds»)
    WITH utcs, reduce(place = '', step IN relationships(path) | place + '.' + step.slot) AS place
    WITH utcs, collect(substring(place, 1)) AS places
    RETURN [utcs, places]
  } AS filled,
  «stale» AS stale
