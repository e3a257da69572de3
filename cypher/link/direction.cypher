// Fragment: whether a relationship leaves a thing or arrives at it.
CASE WHEN startNode(«link») = «thing» THEN 'out' ELSE 'in' END
