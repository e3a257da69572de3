// Finds a thing that was ever recorded.
// $utcs: string - the thing
// Returns utcs.
// :param {utcs: 'utcs:A:part:1'}
MATCH (thing:Anchor {utcs: $utcs})
RETURN thing.utcs AS utcs
