// Fragment: the life of units as known at a time: when each was there, and all places it was ever put into.
// $units: list of string - the units
// $world: integer - up to then, microseconds
// $knowledge: integer - as known then, microseconds
// Returns rows: list of [unit, versions, places]; versions: list of [valid_from, valid_to, is scrapped, manufactured_on]; places: list of
// [how, where, slot, valid_from, valid_to, is an end, made, reference].
RETURN COLLECT {
  UNWIND $units AS utcs
  MATCH (unit:Anchor {utcs: utcs})
  RETURN [
    unit.utcs,
    COLLECT {
      MATCH (unit)-[:VERSION]->(row)
      WHERE row.valid_from < row.valid_to AND row.valid_from <= $world
        AND row.recorded_at <= $knowledge AND row.superseded_at > $knowledge
      RETURN [row.valid_from, row.valid_to, coalesce(row.status, '') = 'scrapped', row.manufactured_on]
    },
    COLLECT {
      MATCH (unit)<-[link:«contains»]-(holder)
      WHERE «contains_said» AND link.valid_from <= $world
      RETURN ['installed', holder.utcs, link.slot, link.valid_from, link.valid_to, coalesce(link.off, false), link.made, link.reference]
    } + COLLECT {
      MATCH (unit)-[link:«located»]->(holder)
      WHERE «located_said» AND link.valid_from <= $world
      RETURN [
        CASE WHEN holder.category = 'shop' THEN 'in_shop' ELSE 'located' END,
        holder.utcs, null, link.valid_from, link.valid_to, coalesce(link.off, false), link.made, null
      ]
    } + COLLECT {
      MATCH (unit)<-[link:«stocked»]-(holder)
      WHERE «stocked_said» AND link.valid_from <= $world
      RETURN ['in_stock', holder.utcs, null, link.valid_from, link.valid_to, coalesce(link.off, false), link.made, null]
    }
  ]
} AS rows
