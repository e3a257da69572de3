// Fragment: how many things of each kind are reached at each depth.
«step»
WITH depth, thing.kind AS kind, count(*) AS number
RETURN [depth, kind, number]
