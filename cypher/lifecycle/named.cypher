// Fragment: some things.
// $things: list of string - their ids
UNWIND $things AS utcs
MATCH (thing:Anchor {utcs: utcs})
WITH thing
