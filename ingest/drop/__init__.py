"""Drops: what the thread leaves in a place for others, again and again, each time whole and with a manifest.

See docs/integrator.md for what is promised, and docs/decisions/0017 for how it is kept.
"""
