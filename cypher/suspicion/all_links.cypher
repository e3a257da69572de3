// Fragment: all links of some types.
MATCH ()-[link:«types»]->()
