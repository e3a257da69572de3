"""A mirror of the thread in PostgreSQL, for tools that speak SQL: every row of belief, and ready views.

What it holds is exactly what was known at its cursor. Nothing is ever read back from it.
"""
