// Fragment: a person with what they are qualified for at a time.
// $utcs: string - the person
// $world: integer - the time, microseconds
// $knowledge: integer - as known then, microseconds
// Returns person: [utcs, properties or null, list of [properties of a qualification, list of trainings]].
MATCH (person:Anchor {utcs: $utcs})
WITH person, $world AS moment
RETURN «person» AS person
