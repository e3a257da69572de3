"""The thread itself: model (pure types), store (Neo4j), flows (operations), errors.

Imports go down: flows, store, model, errors. Files, HTTP and the terminal stay outside.
"""
