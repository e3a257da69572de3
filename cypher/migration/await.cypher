// Returns once every index is ready to be used.
// Returns nothing.
CALL db.awaitIndexes(300)
