// Fragment: all links of some types at one thing.
MATCH (one)-[link:«types»]-()
