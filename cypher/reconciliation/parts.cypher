// Fragment: what is known of parts at a moment: for what they may stand in, and where they fit.
// $known: list of string - the parts
// Returns a list of [utcs, row, alternates: list of [part, approval], superseded: list of part,
// positions: list of [position, number, whether it must be filled]].
COLLECT {
  UNWIND $known AS utcs
  MATCH (part:Anchor {utcs: utcs})-[:VERSION]->(row)
  WHERE «holds_row»
  RETURN [
    utcs,
    [row.number, row.is_serialised],
    COLLECT {
      MATCH (part)-[link:«alternates»]->(other)
      WHERE «alternate_holds»
      RETURN [other.utcs, link.approval]
    } + COLLECT {
      MATCH (part)<-[link:«alternates»]-(other)
      WHERE link.is_two_way AND «alternate_holds»
      RETURN [other.utcs, link.approval]
    },
    COLLECT {
      MATCH path = (part)-[:«supersedes»*1..10]->(other)
      WHERE all(link IN relationships(path) WHERE «supersede_holds»)
      RETURN DISTINCT other.utcs
    },
    COLLECT {
      MATCH (part)-[link:«fits»]->(position)
      WHERE «fit_holds»
      MATCH (position)-[:VERSION]->(place)
      WHERE «holds_place»
      RETURN [position.utcs, coalesce(place.number, position.utcs), coalesce(place.is_mandatory, true)]
    }
  ]
}
