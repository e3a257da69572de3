// Dead letters of earlier releases are open: nobody could settle one. Their text stays in `event`.
MATCH (r:Refusal)
WHERE r.state IS NULL
SET r.state = 'open'
