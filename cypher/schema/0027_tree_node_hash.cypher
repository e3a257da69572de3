// A node of prefix trees is kept once, whichever baselines it belongs to.
CREATE CONSTRAINT tree_node_hash IF NOT EXISTS
FOR (n:TreeNode) REQUIRE n.hash IS UNIQUE
