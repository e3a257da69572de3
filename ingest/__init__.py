"""How facts come in: readers of files and streams that turn other formats into events.

Nothing here writes the graph; it hands events to graph.flows. Rendering answers is the API's.
"""
