// Fragment: a version row is the one that the anchor carries a copy of.
NOT «row»:History
