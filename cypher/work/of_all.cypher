// Fragment: all work orders, as they are listed.
// $start: string - the first id that may be listed
MATCH (order:Anchor)
WHERE order.kind = 'workorder' AND order.utcs >= $start
WITH order
ORDER BY order.utcs
