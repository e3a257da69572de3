// Fragment: a link that is believed, as its type says, holds in the world.
«link».valid_from <= $world AND «link».valid_to > $world
