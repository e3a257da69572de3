// Fragment: a page of the statements by which links were cleared, the newest first, and how many there are.
// $utcs: string - a thing whose links are meant; null for all
// $after: list of [time before 1970, type, source, target, slot] - where the page before ended, or []
// $limit: integer - how many at most
// Returns exists, total, page: list of [place, names, link, event], stale.
OPTIONAL MATCH (one:Anchor {utcs: $utcs})
CALL (one) {
  «links»
  WHERE link.reviewed IS NOT NULL AND link.valid_from <= $world AND «ever»
  WITH link, startNode(link) AS source, endNode(link) AS target
  WITH link, source, target,
       [-link.valid_from, «type», source.utcs, target.utcs, coalesce(link.slot, '')] AS place
  ORDER BY place
  RETURN collect([place, link, source, target]) AS found
}
RETURN
  $utcs IS NULL OR «exists» AS exists,
  size(found) AS total,
  COLLECT {
    UNWIND found AS each
    WITH each[0] AS place, each[1] AS link, each[2] AS source, each[3] AS target
    WHERE place > $after
    LIMIT $limit
    MATCH (event:Change {seq: link.made})
    RETURN [
      place, [«source_name», «target_name»], properties(link),
      [event.seq, event.source, event.id, event.actor, event.recorded_at]
    ]
    ORDER BY place
  } AS page,
  «stale» AS stale
