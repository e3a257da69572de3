// Notes that a migration has been made.
// $number: integer - its number
// $name: string - its name
// $checksum: string - SHA-256 of its text, hex
// $applied_at: integer - the present, microseconds
// Returns nothing.
// :param {number: 1, name: 'anchor_utcs', checksum: 'ab', applied_at: 0}
CREATE (m:Migration {number: $number, name: $name, checksum: $checksum, applied_at: $applied_at})
