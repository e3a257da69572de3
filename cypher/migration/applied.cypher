// Returns the migrations that the database has had: number, name, checksum.
MATCH (m:Migration)
RETURN m.number AS number, m.name AS name, m.checksum AS checksum
ORDER BY number
