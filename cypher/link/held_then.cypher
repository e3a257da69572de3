// Fragment: a link holds in the world, as known at some time. One that is not named past is believed ever since.
«link».valid_to > $world AND «link».valid_from <= $world AND «link».recorded_at <= $knowledge AND (NOT type(«link») ENDS WITH '_PAST' OR «link».superseded_at > $knowledge)
