"""Operations of several events: state machines, rights, from an event to its facts.

It never writes the graph itself: it hands facts to graph.store.apply.
"""
