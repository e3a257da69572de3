"""The sample fleet: a believable hydrogen aircraft type and twelve of it, made from a seed.

`generate.generate(seed, scale)` yields the events that its PLM, MES, ERP, CMMS and the rest would
have sent. `faults.py` names what is wrong in it on purpose. No I/O, no database.
"""
