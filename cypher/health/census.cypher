// Tells how many nodes carry each label and how many links have each type, from the count store alone.
// Returns counts: a map with the lists nodes, of {label, count}, and relationships.
CALL db.stats.retrieve('GRAPH COUNTS')
YIELD data
RETURN data AS counts
