// Notes when sources last spoke; what was noted later already stays.
// $rows: list of {source, seq, recorded_at} - the last entry of each source
// Returns nothing.
// :param {rows: [{source: 'urn:a', seq: 1, recorded_at: 0}]}
UNWIND $rows AS row
MERGE (h:Heard {source: row.source})
WITH h, row
WHERE h.seq IS NULL OR h.seq < row.seq
SET h.seq = row.seq,
    h.recorded_at = row.recorded_at
