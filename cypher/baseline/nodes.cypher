// Reads nodes of prefix trees.
// $hashes: list of string - the hashes of nodes
// Returns hash, children: list of string or null, members: list of string or null.
// :param {hashes: ['00']}
UNWIND $hashes AS hash
MATCH (node:TreeNode {hash: hash})
RETURN node.hash AS hash, node.children AS children, node.members AS members
