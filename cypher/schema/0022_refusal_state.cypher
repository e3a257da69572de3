// Dead letters of a state are found in the order in which they were last refused.
CREATE INDEX refusal_state IF NOT EXISTS
FOR (r:Refusal) ON (r.state, r.last_at)
