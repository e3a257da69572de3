"""Picks files up: from a place into the graph, each once, with a receipt for whoever sent it.

See docs/integrator.md for what is promised, and docs/decisions/0016 for how it is kept.
"""
