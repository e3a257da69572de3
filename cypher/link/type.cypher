// Fragment: the link type of a relationship, be it current, over or believed no longer.
split(type(«link»), '_PAST')[0]
