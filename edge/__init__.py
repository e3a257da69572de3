"""Models on the machine that flies or builds: train, shrink, sign, run, store and forward.

Sees only graph.model and graph.errors, so that the edge image stays small.
"""
