"""REST over the same questions as GraphQL: one file per noun, problem+json for what goes wrong."""
