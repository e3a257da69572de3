"""Decisions over the graph: problem, bound, search, plan.

The solver is pure: it gets a Problem and returns a Plan. Reading the graph is one file, collect;
services, Cypher and the ledger stay outside.
"""
