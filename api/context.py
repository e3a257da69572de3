"""What every resolver is given: the graph, and who asks."""

from __future__ import annotations

from dataclasses import dataclass

from strawberry.fastapi import BaseContext

from api.keyring import Keyring
from api.persisted import Documents
from graph.flows.submit import Principal
from graph.store.database import Graph
from graph.store.tail import Tail


@dataclass
class Context(BaseContext):
    """What belongs to one request."""

    graph: Graph
    principal: Principal
    documents: Documents
    tail: Tail
    keyring: Keyring | None = None

    def __post_init__(self) -> None:
        super().__init__()
