// Fragment: a link holds in the world, as known at some time.
«link».valid_to > $world AND «link».valid_from <= $world AND «link».recorded_at <= $knowledge AND «link».superseded_at > $knowledge AND «types»
