// Fragment: what a tool was used on, the latest first, with from when, and when that work ended.
// $most: integer - how many at most
COLLECT {
  MATCH (tool)<-[use:«used»]-(user)
  WHERE «use_holds»
  MATCH (user)-[:VERSION]->(work)
  WHERE «holds_work»
  RETURN [user.utcs, work.name, work.status, use.valid_from, work.ended_at]
  ORDER BY use.valid_from DESC, user.utcs
  LIMIT $most
}
