// Fragment: a page of what happened to a unit up to a moment, as known at a time, in the order of time.
// $utcs: string - the unit
// $after: list of [time, sort, record, other, slot] - where the page before ended, or []
// $limit: integer - how many at most
// Returns there, page: list of [place, kind and name of the record, properties of record or link], total, stale.
// A time is in microseconds: that which the record states, or else that from which the link holds.
MATCH (unit:Anchor {utcs: $utcs})
OPTIONAL CALL (unit) {
  MATCH (unit)<-[link:«works_on»]-(record)
  WHERE «works_known» AND link.valid_from <= $world AND record.kind = 'workorder'
  MATCH (record)-[:VERSION]->(row)
  WHERE «holds_row»
  RETURN coalesce(row.ended_at, row.started_at, row.opened_at) AS stated, link.valid_from AS since,
    'work' AS sort, record, null AS other, null AS slot, properties(row) AS said
  UNION ALL
  MATCH (unit)<-[link:«about»]-(record)
  WHERE «about_known» AND link.valid_from <= $world
  MATCH (record)-[:VERSION]->(row)
  WHERE «holds_row»
  RETURN coalesce(row.found_at, row.opened_at, row.detected_at, row.occurred_at) AS stated, link.valid_from AS since,
    record.kind AS sort, record, null AS other, null AS slot, properties(row) AS said
  UNION ALL
  MATCH (unit)<-[link:«works_on»]-(order)<-[releases:«releases»]-(record)
  WHERE «works_known» AND link.valid_from <= $world AND «releases_known» AND releases.valid_from <= $world
  MATCH (record)-[:VERSION]->(row)
  WHERE «holds_row»
  RETURN row.issued_at AS stated, releases.valid_from AS since,
    'release' AS sort, record, order AS other, null AS slot, properties(row) AS said
  UNION ALL
  MATCH (unit)-[link:«certified»]->(record)
  WHERE «certified_known» AND link.valid_from <= $world
  MATCH (record)-[:VERSION]->(row)
  WHERE «holds_row»
  RETURN row.issued_at AS stated, link.valid_from AS since,
    'certificate' AS sort, record, null AS other, null AS slot, properties(row) AS said
  UNION ALL
  MATCH (unit)<-[link:«works_on»]-(record)-[signs:«signed»]->(other)
  WHERE «works_known» AND link.valid_from <= $world AND «signs_known» AND signs.valid_from <= $world
  RETURN signs.signed_at AS stated, signs.valid_from AS since,
    'signature' AS sort, record, other, signs.slot AS slot, properties(signs) AS said
  UNION ALL
  MATCH (unit)<-[link:«works_on»]-(order)<-[releases:«releases»]-(record)-[signs:«signed»]->(other)
  WHERE «works_known» AND link.valid_from <= $world AND «releases_known» AND releases.valid_from <= $world
    AND «signs_known» AND signs.valid_from <= $world
  RETURN signs.signed_at AS stated, signs.valid_from AS since,
    'signature' AS sort, record, other, signs.slot AS slot, properties(signs) AS said
  UNION ALL
  MATCH (unit)-[link:«done»]->(record)
  WHERE «done_known» AND link.valid_from <= $world
  RETURN null AS stated, link.valid_from AS since,
    CASE WHEN «done_type» = 'EMBODIES' THEN 'embodiment' ELSE 'compliance' END AS sort,
    record, null AS other, null AS slot, properties(link) AS said
  UNION ALL
  MATCH (unit)<-[link:«moves»]-(record)
  WHERE «moves_known» AND link.valid_from <= $world
  RETURN null AS stated, link.valid_from AS since,
    CASE WHEN «done_type» = 'INSTALLS' THEN 'installed_under' ELSE 'removed_under' END AS sort,
    record, null AS other, null AS slot, properties(link) AS said
  UNION ALL
  MATCH (unit)-[link:«contains»]-()
  WITH startNode(link) AS record, link, endNode(link) AS other
  WHERE «contains_known» AND link.valid_from <= $world
    AND NOT EXISTS {
      MATCH (record)-[before:«contains»]->(other)
      WHERE «before_known» AND before.slot = link.slot AND before.valid_to = link.valid_from
    }
  RETURN null AS stated, link.valid_from AS since, 'installed' AS sort, record, other, link.slot AS slot,
    properties(link) AS said
  UNION ALL
  MATCH (unit)-[link:«contains»]-()
  WITH startNode(link) AS record, link, endNode(link) AS other
  WHERE «contains_known» AND link.valid_to <= $world
    AND NOT EXISTS {
      MATCH (record)-[before:«contains»]->(other)
      WHERE «before_known» AND before.slot = link.slot AND before.valid_from = link.valid_to
    }
  RETURN null AS stated, link.valid_to AS since, 'removed' AS sort, record, other, link.slot AS slot,
    properties(link) AS said
}
WITH unit, record, said, [
  CASE WHEN stated IS NULL THEN since
    ELSE datetime(stated).epochSeconds * 1000000 + datetime(stated).microsecond END,
  sort, record.utcs, coalesce(other.utcs, ''), coalesce(slot, '')
] AS place
WHERE record IS NULL OR place[0] <= $world
WITH DISTINCT unit, record, said, place
ORDER BY place
WITH
  count(unit) AS there,
  collect(CASE WHEN record IS NULL THEN null ELSE [place, record.kind, «name», said] END) AS found
RETURN
  there,
  [one IN found WHERE one[0] > $after | one][0..$limit] AS page,
  size(found) AS total,
  «stale» AS stale
