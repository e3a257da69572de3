"""The only code that speaks to Neo4j: apply, the one write, and one file per question.

What an operation means and who may do it is in graph.flows.
"""
