// Fragment: what a passport says of an asset that no other question does: its part number, and its certificates.
// $asset: string - the unit, batch or part number
// $most: integer - how many of each sort are read at most, the newest first
// Returns part: properties, papers: list of [utcs, properties, work order, is of the asset, signatures],
// certificates and releases: how many there are that are of the asset, and that are of work on it, stale.
// A signature is [role, person, what it carries, from when].
MATCH (asset:Anchor {utcs: $asset})
OPTIONAL CALL (asset) {
  MATCH (asset)-[certified:«certified»]->(release)
  WHERE «certified_holds» AND release.kind = 'release'
  RETURN release, null AS order, true AS is_its_own
UNION
  MATCH (asset)<-[works:«works_on»]-(order)<-[releases:«releases»]-(release)
  WHERE «works_holds» AND «releases_holds»
  RETURN release, order, false AS is_its_own
}
OPTIONAL MATCH (release)-[:VERSION]->(row)
WHERE «holds_row»
WITH asset, release, row, min(order.utcs) AS order, max(is_its_own) AS is_its_own
ORDER BY coalesce(row.issued_at, '') DESC, release.utcs
WITH asset, collect(CASE WHEN row IS NOT NULL THEN [release, properties(row), order, is_its_own] END) AS found
WITH asset, [one IN found WHERE one[3]] AS certificates, [one IN found WHERE NOT one[3]] AS releases
RETURN
  head(COLLECT {
    MATCH (asset)-[made:«instance_of»]->(part)
    WHERE «made_holds»
    MATCH (part)-[:VERSION]->(row)
    WHERE «holds_row»
    RETURN properties(row)
    ORDER BY part.utcs
    LIMIT 1
  }) AS part,
  COLLECT {
    UNWIND certificates[0..$most] + releases[0..$most] AS one
    WITH one, one[0] AS release
    RETURN [release.utcs, one[1], one[2], one[3], COLLECT {
      MATCH (release)-[signed:«signed»]->(person)
      WHERE «signed_holds»
      RETURN [signed.slot, person.utcs, properties(signed), signed.valid_from]
      ORDER BY signed.slot, person.utcs
      LIMIT 20
    }]
  } AS papers,
  size(certificates) AS certificates,
  size(releases) AS releases,
  «stale» AS stale
