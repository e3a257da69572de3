// Keeps nodes of prefix trees, each once.
// $nodes: list of map - the hash of each, and its children or its members
// Returns nothing.
// :param {nodes: [{hash: '00', members: ['utcs:A:part:1 00 00']}]}
UNWIND $nodes AS new
MERGE (node:TreeNode {hash: new.hash})
ON CREATE SET node.children = new.children, node.members = new.members
