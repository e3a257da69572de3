"""Aliases: the ids that other systems give to our things, one file a family of schemes.

`Alias` is the value type; `scheme.py` says what a scheme is. Which thing an alias belongs to is
not known here.
"""

from graph.model.alias.alias import SCHEMES, Alias
from graph.model.alias.scheme import AliasError, Scheme

__all__ = ["SCHEMES", "Alias", "AliasError", "Scheme"]
