"""The root fields that ask a question of graph.store, one file a question.

Lists of things are not here: they are compiled, see api/plan.py.
"""
