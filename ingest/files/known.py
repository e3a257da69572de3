"""What the graph knows already of the things in a file: the one thing that reading may depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from graph.model.identifier import Utcs
from graph.store.statements import Stated


@dataclass(frozen=True, slots=True)
class Known:
    """What was found in the graph before a file is read.

    Attributes:
        things: Things that carry an alias that stands in the file, by the key of the alias.
        contents: What a thing contains just before a moment at which the file empties it.
        stated: The statements that are believed of the things in the file, in the order of time.
    """

    things: Mapping[str, Utcs] = field(default_factory=dict)
    contents: Mapping[tuple[Utcs, datetime], tuple[Utcs, ...]] = field(default_factory=dict)
    stated: Mapping[Utcs, tuple[Stated, ...]] = field(default_factory=dict)


NOTHING: Final = Known()
"""Nothing is known: every code in the file is taken for a new thing."""
