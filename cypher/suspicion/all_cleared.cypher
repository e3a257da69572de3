// Fragment: all links of some types that an event cleared.
MATCH (clearing:Change)
WHERE clearing.cleared IS NOT NULL
UNWIND clearing.cleared AS id
MATCH (:Anchor {utcs: id})-[link:«types» WHERE link.made = clearing.seq]->()
