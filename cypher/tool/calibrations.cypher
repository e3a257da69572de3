// Fragment: the calibrations of a tool, the latest first, with since when each is its own.
// $most: integer - how many at most
COLLECT {
  MATCH (tool)-[check:«calibrated»]->(calibration)
  WHERE «check_holds»
  MATCH (calibration)-[:VERSION]->(paper)
  WHERE «holds_paper»
  RETURN [calibration.utcs, properties(paper), check.valid_from]
  ORDER BY coalesce(paper.performed_on, '') DESC, check.valid_from DESC, calibration.utcs
  LIMIT $most
}
