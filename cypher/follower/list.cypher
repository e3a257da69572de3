// Tells how far each follower is, and since when the first entry that it lacks waits for it.
// Returns name, seq, lag (entries), waiting_since (microseconds, or null), is_running, trouble, failing_since.
MATCH (log:Log {name: 'changes'})
MATCH (f:Follower)
OPTIONAL MATCH (next:Change {seq: f.seq + 1})
RETURN f.name AS name,
       f.seq AS seq,
       log.seq - f.seq AS lag,
       next.recorded_at AS waiting_since,
       coalesce(f.leased_until > timestamp(), false) AS is_running,
       f.trouble AS trouble,
       f.failing_since AS failing_since
ORDER BY name
