// Fragment: what holds of some things at a moment, and of the links of some types that leave them.
// $things: list of string - the things; those that are not there are left out
// Returns row: map, links: list of [link type, target, map].
UNWIND $things AS utcs
MATCH (thing:Anchor {utcs: utcs})-[:VERSION]->(row)
WHERE «holds_row»
RETURN
  properties(row) AS row,
  «links» AS links
