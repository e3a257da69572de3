// Everything that people read or look for is found by its words, as it is now; the properties are the
// searchable ones of the ontology.
CREATE FULLTEXT INDEX things IF NOT EXISTS
FOR (thing:Anchor) ON EACH [
  thing.utcs, thing.name, thing.number, thing.paragraph, thing.registration, thing.serial_number,
  thing.description, thing.text, thing.rationale, thing.acceptance_criteria, thing.applicability,
  thing.objective, thing.procedure, thing.expected_result, thing.measured, thing.conditions,
  thing.deviation, thing.reason, thing.proposal, thing.decision, thing.instructions,
  thing.unsafe_condition, thing.required_action, thing.terminating_action, thing.limitations,
  thing.expression, thing.explanation, thing.syllabus, thing.work_performed, thing.cause,
  thing.rectification, thing.remarks, thing.statement, thing.restrictions, thing.scope,
  thing.as_found, thing.as_left, thing.containment, thing.action, thing.resolution, thing.purpose,
  thing.hyperparameters, thing.message
]
