// Fragment: the certificates that say of units that they were overhauled, as known at a time.
// $units: list of string - the units
// $world: integer - certified then or before, microseconds
// $knowledge: integer - as known then, microseconds
// Returns unit, release, issued_at or null, certified (when the unit came to have it).
UNWIND $units AS utcs
MATCH (unit:Anchor {utcs: utcs})-[link:«types»]->(release)
WHERE «known» AND link.valid_from <= $world
MATCH (release)-[:VERSION]->(row)
WHERE row.work = 'overhauled' AND coalesce(row.status, 'valid') = 'valid'
  AND row.valid_from <= $world AND row.valid_to > $world
  AND row.recorded_at <= $knowledge AND row.superseded_at > $knowledge
RETURN unit.utcs AS unit, release.utcs AS release, row.issued_at AS issued_at, link.valid_from AS certified
ORDER BY unit, release
