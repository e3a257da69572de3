// Fragment: from a requirement to the parts that answer it, their units, the work on those, and the tests.
// $utcs: string - the requirement
// $after: list of [part, unit, work order, link] - where the page before ended; [] for the first page
// $limit: integer - how many at most
// $most: integer - so many rows are looked at
// Returns exists, counts: [rows, parts, units, orders], tests, page: list of [place, stops, links, tests], stale.
MATCH (start:Anchor {utcs: $utcs})
CALL (start) {
  CALL (start) {
    MATCH path = SHORTEST 1 (start)(()<-[answer:«answers» WHERE «answers_hold»]-()){1,«depth»}(part WHERE part.kind = 'part')
    RETURN part, path
  }
  OPTIONAL MATCH (part)<-[made:«instances» WHERE «instances_hold»]-(unit WHERE unit.kind IN ['serial', 'aircraft'])
  OPTIONAL MATCH (unit)<-[work:«works» WHERE «works_hold»]-(workorder WHERE workorder.kind = 'workorder')
  WITH part, path, made, unit, work, workorder LIMIT $most
  WITH path, made, unit, work, workorder, part,
       [part.utcs, coalesce(unit.utcs, ''), coalesce(workorder.utcs, ''), coalesce(«work_type», '')] AS place
  ORDER BY place
  RETURN collect([place, path, made, unit, work, workorder]) AS found,
    [count(*), count(DISTINCT part), count(DISTINCT unit), count(DISTINCT workorder)] AS counts
}
RETURN
  «exists» AS exists,
  counts,
  COLLECT {
    WITH start AS thing
    CALL (thing) {
      «verifies»
    }
    WITH DISTINCT goal, links
    ORDER BY goal.utcs
    LIMIT $limit
    RETURN [goal.utcs, goal.kind, «goal_name», «result», [link IN links | «tie»]]
  } AS tests,
  COLLECT {
    UNWIND found AS each
    WITH each[0] AS place, each[1] AS path, each[2] AS made, each[3] AS unit, each[4] AS work, each[5] AS workorder
    WHERE place > $after
    LIMIT $limit
    WITH place, unit,
         [stop IN nodes(path) + [unit, workorder] WHERE stop IS NOT NULL] AS stops,
         [link IN relationships(path) + [made, work] WHERE link IS NOT NULL] AS links
    RETURN [
      place,
      [stop IN stops | [stop.utcs, stop.kind, «stop_name»]],
      [link IN links | «tie»],
      COLLECT {
        MATCH (unit)<-[link:«examines» WHERE «examines_hold»]-(goal)
        RETURN [goal.utcs, goal.kind, «goal_name», [goal.utcs, «verdict», «performed_at»], [«tie»]]
        ORDER BY goal.utcs
        LIMIT $limit
      }
    ]
  } AS page,
  «stale» AS stale
