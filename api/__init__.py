"""The process that answers questions and takes changes over HTTP: GraphQL, REST, explorer.

It wires the parts and owns the settings; what a question means is in graph.store and graph.flows.
"""
