// Tells which nodes of prefix trees are kept already; where one is, all that is below it is, too.
// $hashes: list of string - the hashes of nodes
// Returns hash.
// :param {hashes: ['00']}
UNWIND $hashes AS hash
MATCH (node:TreeNode {hash: hash})
RETURN node.hash AS hash
