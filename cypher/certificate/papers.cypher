// Fragment: the release certificates of a thing at a moment, with what they cover: the thing itself if it is one,
// those that certify it, those that release it, and those that release work on it.
// $thing: string - a certificate, work order, unit, batch or stock lot
// $forms: list of strings - the forms that are looked for
// $most: integer - how many items, orders and signatures of each are read at most
// Returns papers: list of [properties, items, orders, signatures], the newest first; stale.
// An item is [utcs, kind, properties, properties of its part]; an order is [utcs, properties, units as items];
// a signature is [role, person, pseudonym, what it carries, from when].
MATCH (thing:Anchor {utcs: $thing})
OPTIONAL CALL (thing) {
  WITH thing
  WHERE thing.kind = 'release'
  RETURN thing AS release
UNION
  MATCH (thing)-[certified:«certified»]->(release)
  WHERE «certified_holds» AND release.kind = 'release'
  RETURN release
UNION
  MATCH (thing)<-[releases:«releases»]-(release)
  WHERE «releases_holds»
  RETURN release
UNION
  MATCH (thing)<-[works:«works_on»]-(done)<-[releases:«releases»]-(release)
  WHERE «works_holds» AND «releases_holds»
  RETURN release
}
OPTIONAL MATCH (release)-[:VERSION]->(row)
WHERE «holds_row» AND row.form IN $forms
WITH release, row
ORDER BY coalesce(row.issued_at, '') DESC, release.utcs
WITH collect(CASE WHEN row IS NOT NULL THEN [release, properties(row)] END)[0..$most] AS found
RETURN
  COLLECT {
    UNWIND found AS one
    WITH one[1] AS paper, one[0] AS release
    RETURN [
      paper,
      COLLECT {
        MATCH (release)<-[covers:«certified»]-(item)
        WHERE «covers_holds»
        MATCH (item)-[:VERSION]->(row)
        WHERE «holds_row»
        RETURN [item.utcs, item.kind, properties(row), head(COLLECT {
          MATCH (item)-[made:«instance_of»]->(part)
          WHERE «made_holds»
          MATCH (part)-[:VERSION]->(defined)
          WHERE «holds_defined»
          RETURN properties(defined)
          ORDER BY part.utcs
          LIMIT 1
        })]
        ORDER BY item.utcs
        LIMIT $most
      },
      COLLECT {
        MATCH (release)-[releases:«releases»]->(order)
        WHERE «releases_holds»
        MATCH (order)-[:VERSION]->(row)
        WHERE «holds_row»
        RETURN [order.utcs, properties(row), COLLECT {
          MATCH (order)-[works:«works_on»]->(unit)
          WHERE «works_holds»
          MATCH (unit)-[:VERSION]->(said)
          WHERE «holds_said»
          RETURN [unit.utcs, unit.kind, properties(said), head(COLLECT {
            MATCH (unit)-[made:«instance_of»]->(part)
            WHERE «made_holds»
            MATCH (part)-[:VERSION]->(defined)
            WHERE «holds_defined»
            RETURN properties(defined)
            ORDER BY part.utcs
            LIMIT 1
          })]
          ORDER BY unit.utcs
          LIMIT $most
        }]
        ORDER BY order.utcs
        LIMIT $most
      },
      COLLECT {
        MATCH (release)-[signed:«signed»]->(person)
        WHERE «signed_holds»
        RETURN [signed.slot, person.utcs, «pseudonym», properties(signed), signed.valid_from]
        ORDER BY signed.slot, person.utcs
        LIMIT $most
      }
    ]
  } AS papers,
  «stale» AS stale
