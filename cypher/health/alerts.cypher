// Fragment: the open alerts about a unit and what is in it, with what they rest on, what was recommended upon
// them and the work that came of that. A prediction of which no alert was raised is one of them while something
// that was recommended upon it stands.
// $unit: string - the aircraft or unit
// $open: list of string - how an alert stands that was not dealt with
// $standing: list of string - how a recommendation stands that is open or followed
// $most: integer - how many are read at most, the latest first; and of each what belongs to it
// Returns is_there, alerts: list of [properties, units, predictions, recommendations], stale.
// A prediction is its properties; a recommendation is [properties, list of properties of work orders].
OPTIONAL MATCH (asked:Anchor {utcs: $unit})
RETURN
  «exists» AS is_there,
  COLLECT {
    MATCH path = (asked)-[:«contains»*0..20]->(unit)
    WHERE all(step IN relationships(path) WHERE «step_holds»)
    MATCH (unit)<-[about:«about»]-(alert)
    WHERE alert.kind IN ['alert', 'prediction'] AND «about_holds»
    MATCH (alert)-[:VERSION]->(row)
    WHERE «holds_row»
    WITH alert, row, collect(DISTINCT unit.utcs) AS units
    WITH alert, row, units, COLLECT {
      MATCH (alert)-[rests:«caused»]->(prediction)
      WHERE prediction.kind = 'prediction' AND «rests_holds»
      RETURN prediction
      ORDER BY prediction.utcs
      LIMIT $most
    } AS predictions, COLLECT {
      MATCH (alert)<-[upon:«caused»]-(raised)
      WHERE raised.kind = 'alert' AND «upon_holds»
      RETURN raised
      LIMIT 1
    } AS raised
    WITH alert, row, units, predictions, raised, COLLECT {
      UNWIND [alert] + predictions AS cause
      MATCH (cause)<-[gave:«caused»]-(recommendation)
      WHERE recommendation.kind = 'recommendation' AND «gave_holds»
      WITH DISTINCT recommendation
      MATCH (recommendation)-[:VERSION]->(advice)
      WHERE «holds_advice»
      RETURN [properties(advice), COLLECT {
        MATCH (recommendation)<-[carries:«executes»]-(order)
        WHERE order.kind = 'workorder' AND «carries_holds»
        MATCH (order)-[:VERSION]->(work)
        WHERE «holds_work»
        RETURN properties(work)
        ORDER BY work.utcs
        LIMIT $most
      }]
      ORDER BY advice.utcs
      LIMIT $most
    } AS recommendations
    WHERE (alert.kind = 'alert' AND coalesce(row.status, 'open') IN $open)
      OR (alert.kind = 'prediction' AND size(raised) = 0
        AND any(one IN recommendations WHERE coalesce(one[0].status, 'open') IN $standing))
    RETURN [properties(row), units, COLLECT {
      UNWIND predictions AS prediction
      MATCH (prediction)-[:VERSION]->(told)
      WHERE «holds_told»
      RETURN properties(told)
      ORDER BY told.utcs
    }, recommendations]
    ORDER BY coalesce(row.detected_at, row.predicted_at, '') DESC, alert.utcs
    LIMIT $most
  } AS alerts,
  «stale» AS stale
