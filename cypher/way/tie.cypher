// Fragment: a link of a way, with its element id if one of its ends was ever stated anew: else it is not in doubt.
[CASE WHEN startNode(link).n > 1 OR endNode(link).n > 1 THEN elementId(link) END, «type», startNode(link).utcs, endNode(link).utcs]
