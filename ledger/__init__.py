"""Proofs over the graph's change log: leaves, the Merkle log, chain anchoring, verification.

Hashing itself is in graph.model; planning and services stay outside.
"""
