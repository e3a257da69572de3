"""A baseline as lines of JSON that a stranger can verify without this software or its database.

The first line is the statement of the baseline with its hash, each further line a member with all that is
stated of it. All are in canonical form (RFC 8785), so that no byte can be another. What the lines must
come to is written down in docs/baselines.md and computed by cli/verify_baseline.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from graph.model.canonical import canonical_json
from graph.model.identifier import Utcs
from graph.model.prefix_tree import Member, build
from graph.store.baselines import get_sealed, scope_of
from graph.store.database import Graph
from graph.store.errors import StoreError
from graph.store.members import as_stated, read_members

FORM: Final = "utcs.baseline.v1"


class NotVerifiedError(StoreError):
    """A baseline is not what was frozen, so that no export of it can be."""


async def export_baseline(graph: Graph, utcs: Utcs) -> AsyncIterator[bytes]:
    """Yields the lines of an export, a part at a time.

    Raises:
        BadQuestionError: The baseline has no root, or the id is not a baseline's.
        NotFoundError: It is not there.
        NotVerifiedError: At the end: the members do not give its root; drop what was yielded.
    """
    frozen = await get_sealed(graph, utcs)
    properties = frozen.said.model_dump(mode="json", exclude_none=True)
    said = {"fact": "put_node", "utcs": str(utcs), "properties": properties}
    yield _line({"form": FORM, "hash": frozen.node.hash, "statement": said})
    members: list[Member] = []
    async for page in read_members(graph, await scope_of(graph, frozen), frozen.at):
        members += [as_stated(one) for one in page]
        yield b"".join(_line({"links": one.said_links, "statement": one.said}) for one in page)
    if (root := build(members).root) != frozen.merkle_root:
        raise NotVerifiedError(
            f"{utcs}: its members give the root {root.hex()} and not {frozen.merkle_root.hex()}; "
            "`utcs baseline verify` names what was altered"
        )


def _line(value: dict[str, Any]) -> bytes:
    return canonical_json(value) + b"\n"
