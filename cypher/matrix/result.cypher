// Fragment: the last result of a test case, or of an inspection, which is its own.
CASE goal.kind
  WHEN 'inspection' THEN [goal.utcs, «inspected», «inspected_at»]
  ELSE head(COLLECT {
    MATCH (goal)<-[run:«types»]-(result)
    WHERE «holds»
    WITH result.utcs AS utcs, «verdict» AS verdict, «performed_at» AS performed_at
    RETURN [utcs, verdict, performed_at]
    ORDER BY coalesce(performed_at, '') DESC, utcs DESC
    LIMIT 1
  })
END
