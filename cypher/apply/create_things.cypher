// Creates things that nobody had heard of, each with its first version.
// $rows: list of {labels, content, anchor, version} - anchor and version hold the store's own properties
// Returns nothing.
// :param {rows: [{labels: ['Part'], content: {name: 'a'}, anchor: {utcs: 'utcs:A:part:1'}, version: {n: 1}}]}
UNWIND $rows AS row
CREATE (a:Anchor:$(row.labels))-[:VERSION]->(v:Version)
SET a = row.content,
    a += row.anchor,
    v = row.content,
    v += row.version
