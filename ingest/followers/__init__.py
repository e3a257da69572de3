"""Followers of the change log that the worker runs: what happens outside the graph because of what is in it.

Each is told of every entry in order, at least once; the loop itself is `graph.store.follow`.
"""
