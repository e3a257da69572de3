// Fragment: the link type of a relationship, be it current or past.
replace(type(«link»), '_PAST', '')
