// Fragment: a link of whatever type holds in the world and is believed now.
«link».valid_from <= $world AND «link».valid_to > $world AND «link».superseded_at > $knowledge
