// Fragment: the last verdict on each test in the cell of a row; `not_run` where there is none.
COLLECT {
  CALL (thing) {
    «ways»
  }
  WITH DISTINCT goal
  WITH «result» AS result
  RETURN coalesce(result[1], 'not_run')
}
