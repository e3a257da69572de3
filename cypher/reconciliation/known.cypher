// Fragment: what is known of parts at a moment.
// Returns parts, stale.
RETURN
  «parts» AS parts,
  «stale» AS stale
