// Fragment: what was said of things that have states, and at that moment: who had signed, what they rested on.
// $world: integer - until when, microseconds
// $knowledge: integer - as known then, microseconds
// $every: boolean - all that was ever said, each at the moment from which it holds; else what holds at $world
// Returns utcs, row, event, signatures: list of [slot, since, hash of what was signed, carried, person],
//   rests: list of [link type, direction, properties].
«things»
MATCH (thing)-[:VERSION]->(row)
WHERE row.valid_from < row.valid_to AND row.valid_from <= $world AND ($every OR row.valid_to > $world)
  AND row.recorded_at <= $knowledge AND row.superseded_at > $knowledge
MATCH (event:Change {seq: row.made})
WITH thing, row, event, CASE WHEN $every THEN row.valid_from ELSE $world END AS moment
RETURN
  thing.utcs AS utcs,
  properties(row) AS row,
  event {.seq, .source, .id, .actor, .rank} AS event,
  COLLECT {
    MATCH (thing)-[link:«signed»]->(person)
    WHERE «signed_holds»
    RETURN [
      link.slot, link.valid_from,
      head(COLLECT {
        MATCH (thing)-[:VERSION]->(signed)
        WHERE signed.made = link.made
          OR (signed.valid_from <= link.valid_from AND signed.valid_to > link.valid_from
            AND signed.recorded_at <= $knowledge AND signed.superseded_at > $knowledge)
        RETURN signed.hash
        ORDER BY signed.made = link.made DESC, signed.recorded_at
        LIMIT 1
      }),
      properties(link), «person»
    ]
    ORDER BY link.slot, person.utcs
  } AS signatures,
  COLLECT {
    MATCH (thing)-[link:«rests»]-(other)
    WHERE «rest_holds»
    MATCH (other)-[:VERSION]->(said)
    WHERE «said»
    RETURN [«type», «direction», properties(said)]
    ORDER BY other.utcs
    LIMIT 200
  } AS rests
ORDER BY utcs, row.valid_from
