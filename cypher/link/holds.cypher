// Fragment: a link whose type says that it is believed holds in the world.
«link».valid_from <= $world AND «link».valid_to > $world
