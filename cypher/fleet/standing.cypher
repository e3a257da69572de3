// Fragment: the work orders that are not ended and the deferrals that run, on some aircraft and all that is in them.
// $aircraft: list of string - the aircraft
// $ended: list of string - where a work order stands under which nothing more is done
// $running: list of string - where a deferral stands that was not ended
// Returns standing: list of [aircraft, list of properties of orders, list of [properties of a deferral, unit]], stale.
RETURN
  COLLECT {
    UNWIND $aircraft AS utcs
    CALL (utcs) {
      MATCH path = (:Anchor {utcs: utcs})-[:«contains»*0..20]->(unit)
      WHERE all(step IN relationships(path) WHERE «step_holds»)
      RETURN collect(unit) AS units
    }
    CALL (units) {
      UNWIND units AS unit
      MATCH (unit)<-[link:«works_on»]-(order)
      WHERE order.kind = 'workorder' AND «works_holds»
      WITH DISTINCT order
      MATCH (order)-[:VERSION]->(row)
      WHERE «holds_row» AND NOT coalesce(row.status, '') IN $ended
      WITH row
      ORDER BY row.utcs
      RETURN collect(properties(row)) AS orders
    }
    CALL (units) {
      UNWIND units AS unit
      CALL (unit) {
        MATCH (unit)<-[about:«about»]-(deferral)
        WHERE deferral.kind = 'deferral' AND «about_holds»
        RETURN deferral
        UNION
        MATCH (unit)<-[about:«about»]-(finding)<-[put:«defers»]-(deferral)
        WHERE finding.kind = 'finding' AND «about_holds» AND «put_holds»
        RETURN deferral
      }
      WITH deferral, min(unit.utcs) AS on
      MATCH (deferral)-[:VERSION]->(row)
      WHERE «holds_row» AND coalesce(row.status, 'open') IN $running
      WITH row, on
      ORDER BY row.utcs
      RETURN collect([properties(row), on]) AS deferrals
    }
    RETURN [utcs, orders, deferrals]
  } AS standing,
  «stale» AS stale
