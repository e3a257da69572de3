// Fragment: the link type of a relationship, be it current, over or believed no longer.
coalesce(«link».was, split(type(«link»), '_PAST')[0])
