// Fragment: a version row is true at a time, as known at a time.
«row».valid_from <= $world AND «row».valid_to > $world AND «row».recorded_at <= $knowledge AND «row».superseded_at > $knowledge
