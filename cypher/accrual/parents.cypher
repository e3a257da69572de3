// Fragment: into what units were ever installed, and when, as known at a time.
// $units: list of string - the units
// $knowledge: integer - as known then, microseconds
// Returns unit, parent, valid_from, valid_to.
UNWIND $units AS utcs
MATCH (unit:Anchor {utcs: utcs})<-[link:«types»]-(parent)
WHERE «known»
RETURN unit.utcs AS unit, parent.utcs AS parent, link.valid_from AS valid_from, link.valid_to AS valid_to
ORDER BY unit, parent, valid_from
