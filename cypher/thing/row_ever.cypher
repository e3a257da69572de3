// Fragment: a version row is believed, as known at a time, to hold at some time in the world.
«row».valid_from < «row».valid_to AND «row».recorded_at <= $knowledge AND «row».superseded_at > $knowledge
