// How many nodes carry each label and how many links each type has, from the count store alone.
// Returns counts: MAP with nodes and relationships, each a LIST of {label | relationshipType, count, …}
CALL db.stats.retrieve('GRAPH COUNTS')
YIELD data
RETURN data AS counts
