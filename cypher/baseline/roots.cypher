// Returns every Merkle root that was ever stated of a baseline: more than one, and somebody restated it.
// $utcs: string - the baseline
// Returns merkle_root.
// :param {utcs: 'utcs:A:baseline:1'}
MATCH (:Anchor {utcs: $utcs})-[:VERSION]->(row)
WHERE row.merkle_root IS NOT NULL
RETURN DISTINCT row.merkle_root AS merkle_root
