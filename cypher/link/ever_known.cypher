// Fragment: a link is believed, as known at a time, to hold at some time in the world.
«link».valid_from < «link».valid_to AND «link».recorded_at <= $knowledge AND «link».superseded_at > $knowledge AND «types»
