// Fragment: all that was said of links of some types at one thing.
MATCH (one)-[link:«types»]-()
