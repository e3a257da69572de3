"""The ontology and its arithmetic: kinds, links, identifiers, times, canonical form, hashes.

Pure: no I/O, no database, no clock.
"""
