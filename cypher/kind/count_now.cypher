// Fragment: how many things of a kind there are now; the count store knows, whatever their number.
// Returns total, stale.
RETURN
  COUNT { MATCH (:«label») } AS total,
  «stale» AS stale
