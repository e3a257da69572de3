// Says of dead letters that are calls that they are to be made again; whoever serves the endpoint finds them.
// $hash: string - the letter
// Returns nothing.
// :param {hash: 'ab12'}
MATCH (r:Refusal {hash: $hash})
SET r:Due
