"""What the certificates of release have in common as documents: each is a copy of the record, and says so.

It is signed by nobody, and what the record does not say is left empty and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from api.report.asked import Asked
from api.report.document import Column, Section, Table
from api.report.words import spaced
from graph.model.maintenance import CertificateStatus, ReleaseForm
from graph.store.certificates import Paper, find_papers
from graph.store.errors import BadQuestionError
from graph.store.work_order import find_order

COPY: Final = (
    "This is a copy of the record, made by a program. It is not the signed original, releases nothing, and "
    "must not be used as a certificate."
)

NAMES: Final = {
    ReleaseForm.CRS: "CRS",
    ReleaseForm.EASA_FORM_1: "EASA Form 1",
    ReleaseForm.FAA_8130_3: "FAA Form 8130-3",
    ReleaseForm.EASA_FORM_52: "EASA Form 52",
}
"""What people call each form."""

UNSIGNED: Final = "a copy bears no signature; it stands on the original"
"""Why nothing stands where it is signed."""

_EMPTY: Final = (Column("block"), Column("title"), Column("why"))


async def newest(asked: Asked, forms: Sequence[ReleaseForm]) -> tuple[Paper, int]:
    """Returns the newest certificate that holds, or else the newest, and how many more there are.

    Raises:
        BadQuestionError: There is none of these forms; the sentence says which there are, or what is missing.
    """
    found = await find_papers(asked.graph, asked.utcs, forms, at=asked.at)
    if not found:
        wanted = " or ".join(NAMES[one] for one in forms)
        why = await _instead(asked, forms)
        raise BadQuestionError(f"id: {asked.utcs} has no {wanted} on record; {why}", field="id")
    paper = next((one for one in found if one.holds), found[0])
    return paper, len(found) - 1


async def _instead(asked: Asked, forms: Sequence[ReleaseForm]) -> str:
    rest = [form for form in ReleaseForm if form not in forms]
    held = await find_papers(asked.graph, asked.utcs, rest, at=asked.at)
    if held:
        return f"what it has is {', '.join(sorted({NAMES[one.release.form] for one in held}))}"
    if asked.utcs.kind != "workorder":
        return "give what was released, or the certificate"
    order = await find_order(asked.graph, asked.utcs, at=asked.at)
    missing = "; ".join(one.problem for one in order.missing)
    return f"it is {order.order.status}{f', and misses: {missing}' if missing else ''}"


def notice(paper: Paper, others: int) -> Iterator[str]:
    """Yields what the reader must know first: that it is a copy, and whether the certificate holds."""
    yield COPY
    status = paper.release.status
    if status is not CertificateStatus.VALID:
        said = (
            "does not say whether it holds"
            if status is None
            else f"says that it is {spaced(status)}"
        )
        yield f"The record {said}."
    if others:
        yield f"{others} more of this sort are on record; this is the newest that holds."


def left_empty(empty: Iterable[tuple[str, str, str]]) -> Section:
    """Returns the section that names what was left empty: block, title and why."""
    rows = tuple(empty)
    prose = "Nothing was made up for these." if rows else "None: the record fills every block."
    return Section("Left empty", (prose,), Table(_EMPTY, rows) if rows else None)


def used(paper: Paper) -> tuple[str, ...]:
    """Returns what the document was made from."""
    orders = tuple(str(utcs) for utcs, _, _ in paper.orders)
    return (f"{paper.utcs}@{paper.version}", *orders, *(str(one.utcs) for one in paper.items))


def day(moment: datetime | None) -> str | None:
    """Returns a day as the forms have it: dd mmm yyyy."""
    return None if moment is None else f"{moment:%d %b %Y}"
