"""Readers of files: each turns one format into events, purely, and loses no part of it.

What cannot be read comes back as `Rejected`, so that the caller can report it and go on.
"""
