// Fragment: into what units were ever installed, and when, as known at a time.
// $units: list of string - the units
// $knowledge: integer - as known then, microseconds
// Returns rows: list of [unit, parent, valid_from, valid_to]; in one record, as each costs the driver as much as its row.
RETURN COLLECT {
  UNWIND $units AS utcs
  MATCH (unit:Anchor {utcs: utcs})<-[link:«types»]-(parent)
  WHERE «known»
  RETURN [unit.utcs, parent.utcs, link.valid_from, link.valid_to]
} AS rows
