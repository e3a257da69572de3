// Fragment: a page of what is installed in a unit at a moment, at any depth, by position, and how much there is.
// $utcs: string - the unit
// $after: list of string - the slots down to where the page before ended; [] for the first page
// $limit: integer - how many at most
// Returns exists, total, deepest, page: list of [slots, unit, name, serial number, holder, part: [utcs, number] or
// null, reference, statements that it is there: list of [from, until, made], the latest first,
// orders that put it in: list of [made, order]], stale.
MATCH (top:Anchor {utcs: $utcs})
CALL (top) {
  MATCH path = (top)-[:«types»*1..20]->(unit)
  WHERE all(link IN relationships(path) WHERE «holds»)
    AND «unit_exists»
  WITH unit, relationships(path) AS links
  WITH [link IN links | coalesce(link.slot, '')] AS slots, unit, last(links) AS link
  ORDER BY slots
  RETURN collect([slots, unit, link]) AS found
}
RETURN
  «exists» AS exists,
  size(found) AS total,
  reduce(deepest = 0, each IN found | CASE WHEN size(each[0]) > deepest THEN size(each[0]) ELSE deepest END) AS deepest,
  COLLECT {
    UNWIND found AS each
    WITH each[0] AS slots, each[1] AS unit, each[2] AS link
    WHERE slots > $after
    LIMIT $limit
    WITH slots, unit, link, startNode(link) AS holder
    MATCH (unit)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [
      slots, unit.utcs, row.name, row.serial_number, holder.utcs,
      head(COLLECT {
        MATCH (unit)-[made:«instances»]->(part)
        WHERE «instance_holds»
        MATCH (part)-[:VERSION]->(said)
        WHERE «holds_part»
        RETURN [part.utcs, said.number]
        ORDER BY part.utcs
      }),
      link.reference,
      COLLECT {
        MATCH (holder)-[stated:«contains_believed»]->(unit)
        WHERE coalesce(stated.slot, '') = last(slots) AND stated.valid_from <= link.valid_from AND «contains_ever»
        RETURN [stated.valid_from, stated.valid_to, stated.made]
        ORDER BY stated.valid_from DESC
      },
      COLLECT {
        MATCH (unit)<-[put:«installs_believed»]-(work)
        WHERE «installs_ever»
        RETURN [put.made, work.utcs]
        ORDER BY put.made, work.utcs
      }
    ]
    ORDER BY slots
  } AS page,
  «stale» AS stale
