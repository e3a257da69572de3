// Fragment: the aircraft that a unit is, or is in, with the slots from there down to it; null if it is in none.
head(COLLECT {
  MATCH path = (aircraft:Anchor)-[:«contains»*0..20]->(unit)
  WHERE aircraft.kind = 'aircraft' AND all(link IN relationships(path) WHERE «holds»)
  RETURN [aircraft.utcs, [link IN relationships(path) | link.slot]]
  LIMIT 1
})
