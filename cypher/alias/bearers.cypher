// Returns the things that are meant by names, each with the times at which it is believed to be meant.
// $names: list of [number, utcs or null, list of alias keys] - names, numbered by the caller
// $far: integer - the far future, microseconds
// Returns number, utcs, valid_from, valid_to; several rows where a thing was stated several times.
// :param {names: [[0, 'utcs:A:aircraft:1', []], [1, null, ['registration:D-ABCD']]], far: 253402300799999999}
UNWIND $names AS name
CALL (name) {
  MATCH (thing:Anchor {utcs: name[1]})-[:VERSION]->(row)
  WHERE row.superseded_at = $far AND row.off IS NULL
  RETURN thing, row
UNION
  MATCH (alias:Alias)-[:NAMES]->(thing)-[:VERSION]->(row)
  WHERE alias.key IN name[2] AND row.superseded_at = $far AND row.off IS NULL
    AND alias.key IN row.aliases
  RETURN thing, row
}
RETURN name[0] AS number, thing.utcs AS utcs, row.valid_from AS valid_from, row.valid_to AS valid_to
ORDER BY number, utcs, valid_from
