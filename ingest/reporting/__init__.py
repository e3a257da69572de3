"""Reports that are made and sent on a schedule; each is recorded once it is in its place.

How a report is made is told from outside: it belongs to another process, which this one must not know.
"""
