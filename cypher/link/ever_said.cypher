// Fragment: a link is believed, as known at a time, to hold at some time in the world, or to have ended.
(«link».valid_from < «link».valid_to OR «link».off) AND «link».recorded_at <= $knowledge AND «link».superseded_at > $knowledge AND «types»
