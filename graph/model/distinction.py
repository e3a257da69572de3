"""Where it is kept that two things are not one: under an id that the two make, in whatever order."""

from __future__ import annotations

from hashlib import sha256

from graph.model.identifier import Utcs


def distinction_of(first: Utcs, second: Utcs) -> Utcs:
    """Returns the identifier of the judgement that two things are not one.

    A hash of both ids keeps it within the length of a local name, whatever theirs; 128 bits do not meet
    by chance.
    """
    one, other = sorted(map(str, (first, second)))
    digest = sha256(f"{one} {other}".encode()).hexdigest()
    return Utcs(Utcs.parse(one).authority, "distinction", digest[:32])
