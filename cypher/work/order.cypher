// Fragment: a work order at a moment, with all that decides which step it may make.
// $order: string - the work order
// $source: string - the source of the events that steps are
// $prefix: string - how the ids of those begin that report a completion
// $most: integer - how many of each sort are read at most
// $open: list of string - where a work order stands while something is to be done under it
// Returns row, units, tasks, trainings, signed, found, releases, reserved, consumed, tools, others, places, steps,
// stale.
MATCH (order:Anchor {utcs: $order})
RETURN
  head(COLLECT {
    MATCH (order)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
  }) AS row,
  COLLECT {
    MATCH (order)-[link:«works_on»]->(unit)
    WHERE «works_holds»
    MATCH (unit)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [unit.utcs, row.name, row.type_designation, row.model_designation]
    ORDER BY unit.utcs
    LIMIT $most
  } AS units,
  COLLECT {
    MATCH (order)-[link:«executes»]->(task)
    WHERE «executes_holds»
    MATCH (task)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [task.utcs, row.name]
    ORDER BY task.utcs
    LIMIT $most
  } AS tasks,
  COLLECT {
    MATCH (order)-[link:«executes»]->(task)-[need:«requires»]->(training)
    WHERE training.kind = 'training' AND «executes_holds» AND «need_holds»
    MATCH (training)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN DISTINCT [training.utcs, row.name]
    LIMIT $most
  } AS trainings,
  COLLECT {
    MATCH (order)-[link:«signed»]->(person)
    WHERE «signed_holds»
    WITH link, person, link.valid_from AS moment
    RETURN [link.slot, moment, properties(link), «person»]
    ORDER BY link.slot
    LIMIT $most
  } AS signed,
  COLLECT {
    MATCH (order)<-[link:«found»]-(finding:Anchor)
    WHERE finding.kind = 'finding' AND «found_holds»
    MATCH (finding)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [
      finding.utcs, properties(row),
      COLLECT {
        MATCH (finding)<-[put:«defers»]-(deferral)
        WHERE «put_holds»
        MATCH (deferral)-[:VERSION]->(said)
        WHERE «holds_said»
        RETURN [deferral.utcs, properties(said)]
        ORDER BY deferral.utcs
        LIMIT $most
      }
    ]
    ORDER BY finding.utcs
    LIMIT $most
  } AS found,
  COLLECT {
    MATCH (order)<-[link:«releases»]-(release)
    WHERE «releases_holds»
    MATCH (release)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [release.utcs, properties(row)]
    ORDER BY release.utcs
    LIMIT $most
  } AS releases,
  COLLECT {
    MATCH (order)-[link:«reserves»]->(thing)
    WHERE «reserves_holds»
    RETURN [thing.utcs, link.quantity]
    ORDER BY thing.utcs
    LIMIT $most
  } AS reserved,
  COLLECT {
    MATCH (order)-[link:«consumes»]->(thing)
    WHERE «consumes_holds»
    RETURN [thing.utcs, link.quantity]
    ORDER BY thing.utcs
    LIMIT $most
  } AS consumed,
  COLLECT {
    MATCH (order)-[link:«uses»]->(tool)
    WHERE tool.kind = 'tool' AND «uses_holds»
    WITH tool, link.valid_from AS moment
    ORDER BY tool.utcs
    LIMIT $most
    RETURN [
      tool.utcs,
      head(COLLECT {
        MATCH (tool)-[:VERSION]->(stood)
        WHERE «stood_then»
        RETURN properties(stood)
      }),
      moment,
      «calibrations»
    ]
    ORDER BY tool.utcs
  } AS tools,
  COLLECT {
    MATCH (order)-[link:«works_on»]->(unit)<-[to:«works_on»]-(other)
    WHERE «works_holds» AND «to_holds» AND other <> order
    WITH DISTINCT other
    WITH other, «status» AS status
    WHERE coalesce(status, '') IN $open
    WITH other, «due» AS due
    WHERE due IS NOT NULL
    RETURN [other.utcs, «name», due]
    ORDER BY due, other.utcs
    LIMIT $most
  } AS others,
  COLLECT {
    MATCH (order)-[link:«takes_place»]->(place)
    WHERE «place_holds»
    MATCH (place)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN [place.utcs, row.approvals]
    ORDER BY place.utcs
    LIMIT 1
  } AS places,
  COLLECT {
    MATCH (order)-[:VERSION]->(said)
    WHERE said.valid_from < said.valid_to AND said.valid_from <= $world
      AND said.recorded_at <= $knowledge AND said.superseded_at > $knowledge
    MATCH (event:Change {seq: said.made})
    RETURN [
      said.valid_from, said.status, event.actor, event.source, event.id, event.seq,
      CASE WHEN event.source = $source AND event.id STARTS WITH $prefix THEN event.event END
    ]
    ORDER BY said.valid_from
    LIMIT $most
  } AS steps,
  «stale» AS stale
