// The change log starts empty.
MERGE (l:Log {name: 'changes'})
ON CREATE SET l.seq = 0,
              l.recorded_at = 0
