"""How facts come in: readers of files, and a worker that takes messages of a queue, both into events.

Nothing here writes the graph; it hands events to graph.flows. Rendering answers is the API's.
"""
