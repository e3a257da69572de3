// Fragment: the part numbers that tasks are meant for which are performed on some parts or designs: those
// themselves, what realises the designs, and what takes the place of any of these or may stand in for it.
// $targets: list of string - the parts and designs
// Returns parts: list of [target, part], stale.
RETURN
  COLLECT {
    UNWIND $targets AS utcs
    MATCH path = (part:Anchor)-[:«instead»*0..8]->(:Anchor {utcs: utcs})
    WHERE part.kind = 'part' AND all(step IN relationships(path) WHERE «instead_holds»)
    RETURN DISTINCT [utcs, part.utcs]
  } AS parts,
  «stale» AS stale
