// Fragment: the statement since which a property has been as it is, and the event that made it.
head(COLLECT {
  MATCH (thing)-[:VERSION]->(row)
  WHERE «ever» AND row.valid_from <= said.valid_from
    AND row.valid_from >= coalesce(
      head(COLLECT {
        MATCH (thing)-[:VERSION]->(other)
        WHERE «other_ever» AND other.valid_from < said.valid_from
          AND ((other[name] IS NULL) <> (said[name] IS NULL) OR other[name] <> said[name])
        RETURN other.valid_to
        ORDER BY other.valid_from DESC
        LIMIT 1
      }),
      head(COLLECT {
        MATCH (thing)-[:VERSION]->(other)
        WHERE «other_ever» AND other.valid_from <= basis.valid_from
        RETURN other.valid_from
        ORDER BY other.valid_from DESC
        LIMIT 1
      }))
  MATCH (event:Change {seq: row.made})
  RETURN [row.valid_from, event.seq, event.source, event.id, event.type, event.actor, event.time, event.recorded_at]
  ORDER BY row.valid_from
  LIMIT 1
})
