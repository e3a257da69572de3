// Fragment: a person with the qualifications that are theirs at a time.
// $utcs: string - the person
// $world: integer - the time, microseconds
// $knowledge: integer - as known then, microseconds
// Returns person: [utcs, properties or null, list of properties of qualifications].
MATCH (person:Anchor {utcs: $utcs})
WITH person, $world AS moment
RETURN «person» AS person
