"""EASA Form 1 or FAA 8130-3 of a component: a copy of the record in the blocks of the form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Section, Table, Type
from api.report.reports.certificate import UNSIGNED, day, left_empty, newest, notice, used
from api.report.words import spaced
from graph.model.maintenance import Release, ReleaseForm, ReleaseWork
from graph.model.product import Batch, Part, Serial
from graph.model.resources import Stock
from graph.store.certificates import Item, Paper

BLOCKS: Final = "Blocks"
ITEMS: Final = "Items"

_NUMBERED: Final = (Column("block"), Column("title"), Column("entry"))
_ITEM: Final = (
    Column("6 Item"), Column("7 Description"), Column("8 Part No."), Column("9 Qty."),
    Column("10 Serial No."), Column("11 Status/Work"), Column("thing", Type.ID),
)  # fmt: skip

_TICKED: Final = "[X]"
_OPEN: Final = "[ ]"

_NEW: Final = frozenset({ReleaseWork.NEW, ReleaseWork.PROTOTYPE})


@dataclass(frozen=True, slots=True)
class Words:
    """What is printed on a form.

    Attributes:
        title: What stands in block 2.
        blocks: The titles of the other blocks, by number.
        design: What may be ticked in block 13a: approved data, and other.
        maintained: The rule that is ticked in block 14a.
        names: How a record names that rule.
        certifies: What block 14a says under that rule.
    """

    title: str
    blocks: dict[str, str]
    design: tuple[str, str]
    maintained: str
    names: re.Pattern[str]
    certifies: str


_EASA: Final = Words(
    title="AUTHORISED RELEASE CERTIFICATE, EASA FORM 1",
    blocks={
        "1": "Approving Competent Authority / Country",
        "3": "Form Tracking Number",
        "4": "Organisation Name and Address",
        "5": "Work Order/Contract/Invoice",
        "12": "Remarks",
        "13a": "Certifies that the items identified above were manufactured in conformity to",
        "13b": "Authorised Signature",
        "13c": "Approval/Authorisation Number",
        "13d": "Name",
        "13e": "Date (dd mmm yyyy)",
        "14a": "Release to service",
        "14b": "Authorised Signature",
        "14c": "Certificate/Approval Ref. No.",
        "14d": "Name",
        "14e": "Date (dd mmm yyyy)",
    },
    design=(
        "approved design data and are in a condition for safe operation",
        "non-approved design data specified in block 12",
    ),
    maintained="Part-145.A.50 Release to Service",
    names=re.compile(r"\bPart[- ]145\b|\b145\.A\.50\b|\b[A-Z]{2}\.145\."),
    certifies="Certifies that unless otherwise specified in block 12, the work identified in block 11 and "
    "described in block 12, was accomplished in accordance with Part-145 and in respect to that work the "
    "items are considered ready for release to service.",
)
"""EASA Form 1, Appendix I to Annex I (Part 21) and Appendix II to Annex I (Part-M)."""

_FAA: Final = Words(
    title="AUTHORIZED RELEASE CERTIFICATE, FAA Form 8130-3, AIRWORTHINESS APPROVAL TAG",
    blocks=_EASA.blocks
    | {
        "1": "Approving Civil Aviation Authority/Country",
        "4": "Organization Name and Address",
        "5": "Work Order/Contract/Invoice Number",
        "13a": "Certifies the items identified above were manufactured in conformity to",
        "13b": "Authorized Signature",
        "13c": "Approval/Authorization No.",
        "13d": "Name (Typed or Printed)",
        "13e": "Date (dd/mmm/yyyy)",
        "14a": "Return to service",
        "14b": "Authorized Signature",
        "14c": "Approval/Certificate No.",
        "14d": "Name (Typed or Printed)",
        "14e": "Date (dd/mmm/yyyy)",
    },
    design=(
        "Approved design data and are in a condition for safe operation.",
        "Non-approved design data specified in Block 12.",
    ),
    maintained="14 CFR 43.9 Return to Service",
    names=re.compile(r"\b14 CFR (part )?43\b|\bPart[- ]43\b|\b43\.9\b"),
    certifies="Certifies that unless otherwise specified in Block 12, the work identified in Block 11 and "
    "described in Block 12 was accomplished in accordance with Title 14, Code of Federal Regulations, part "
    "43 and in respect to that work, the items are approved for return to service.",
)
"""FAA Form 8130-3, FAA Order 8130.21."""

_WORDS: Final = {ReleaseForm.EASA_FORM_1: _EASA, ReleaseForm.FAA_8130_3: _FAA}


async def make_form(asked: Asked) -> Draft:
    """Returns the authorised release certificate of a component, block by block.

    Raises:
        BadQuestionError: The record holds none; the sentence says which certificates it holds.
    """
    paper, others = await newest(asked, [*_WORDS])
    words = _WORDS[paper.release.form]
    blocks = tuple(_blocks(paper, words))
    items = tuple(_items(paper))
    return Draft(
        title=words.title,
        sections=(
            Section("What this is", tuple(notice(paper, others))),
            Section(BLOCKS, table=Table(_NUMBERED, tuple((n, t, e) for n, t, e, _ in blocks))),
            Section(ITEMS, table=Table(_ITEM, items)),
            left_empty([*_unfilled(blocks), *_no_items(items)]),
        ),
        used=used(paper),
    )


FORM_1 = ReportKind(
    "form-1",
    "EASA Form 1 or FAA 8130-3 of a component or its work order, block by block: a copy of the record.",
    make_form,
    subjects=frozenset({"serial", "batch", "stock", "workorder", "release"}),
)


def _blocks(paper: Paper, words: Words) -> Iterator[tuple[str, str, str, str]]:
    """Yields each block but the items: its number, its title, its entry, and why it is empty if it is."""
    release = paper.release
    said = "the record does not say"
    is_new = release.work in _NEW
    made, kept = "13", "14"
    signed = kept if release.work is not None and not is_new else made if is_new else ""
    orders = ", ".join(order.number for _, order, _ in paper.orders)
    entries: dict[str, str | None] = {
        "1": release.authority,
        "3": release.number,
        "4": release.organisation,
        "5": release.order_reference or orders,
        "12": "\n".join(filter(None, (release.remarks, release.limitations))),
        "13a": _design(release, words),
        "14a": _maintained(release, words),
        **_signed(paper, signed),
    }
    for number, title in words.blocks.items():
        entry = entries.get(number) or ""
        why = said
        if number.endswith("b"):
            why = UNSIGNED
        elif number[:2] in (made, kept) and signed and not number.startswith(signed):
            why = "block 11 asks for the other of blocks 13 and 14"
        yield number, title, entry, why


def _unfilled(blocks: Iterable[tuple[str, str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yields the blocks that are empty, and that of which the record knows a part only."""
    for number, title, entry, why in blocks:
        if not entry:
            yield number, title, why
        elif number == "4":
            yield number, title, "the address: the record holds none"


def _signed(paper: Paper, block: str) -> dict[str, str | None]:
    """Returns who certified, by which approval and when, in the block that applies."""
    release, signature = paper.release, paper.signature("certified")
    who = None if signature is None else signature.pseudonym or signature.person.local
    return {
        f"{block}c": release.approval_number,
        f"{block}d": who and f"{who} (a pseudonym: the record holds no name)",
        f"{block}e": day(release.issued_at or (signature.signed_at if signature else None)),
    }


def _design(release: Release, words: Words) -> str | None:
    if release.work not in _NEW:
        return None
    is_new = release.work is ReleaseWork.NEW
    ticks = zip((is_new, not is_new), words.design, strict=True)
    return "\n".join([f"{_TICKED if tick else _OPEN} {text}" for tick, text in ticks])


def _maintained(release: Release, words: Words) -> str | None:
    """Returns what block 14a says; the rule is ticked only where the record names it."""
    if release.work is None or release.work in _NEW:
        return None
    named = f"{release.statement or ''} {release.approval_number or ''}"
    is_rule = words.names.search(named) is not None
    rules = ((is_rule, words.maintained), (False, "Other regulation specified in block 12"))
    lines = [f"{_TICKED if tick else _OPEN} {text}" for tick, text in rules]
    return "\n".join([*lines, words.certifies if is_rule else release.statement or ""]).rstrip()


def _items(paper: Paper) -> Iterator[tuple[Cell, ...]]:
    """Yields the items; of a lot in stock, the batch that it is of, where both are certified."""
    covered = [*paper.items, *(one for _, _, units in paper.orders for one in units)]
    whole = [one for one in covered if isinstance(one.thing, Serial | Batch)]
    listed = list({one.utcs: one for one in (whole or covered)}.values())
    for number, one in enumerate(listed, start=1):
        part = one.thing if isinstance(one.thing, Part) else one.part
        yield (
            str(number),
            part.name if part else one.thing.name,
            None if part is None else part.number,
            _quantity(paper.release, one, alone=len(listed) == 1),
            _serial(one),
            paper.release.work and spaced(paper.release.work).upper(),
            one.utcs,
        )


def _quantity(release: Release, item: Item, *, alone: bool) -> str | None:
    """Returns how many: a unit is one; of a batch, what the certificate says if it covers no other."""
    if isinstance(item.thing, Serial):
        return "1"
    return f"{release.quantity:f}" if alone and release.quantity is not None else None


def _serial(item: Item) -> str | None:
    if isinstance(item.thing, Serial):
        return item.thing.serial_number
    if isinstance(item.thing, Batch):
        return item.thing.number and f"Batch {item.thing.number}"
    return item.thing.number if isinstance(item.thing, Stock) else None


def _no_items(items: tuple[tuple[Cell, ...], ...]) -> Iterator[tuple[str, str, str]]:
    if not items:
        yield "6 to 11", "Items", "nothing on record bears this certificate"
    for column, cells in zip(_ITEM, zip(*items, strict=True), strict=False):
        number, _, title = column.name.partition(" ")
        for place, cell in enumerate(cells, start=1):
            if cell is None:
                yield number, title, f"item {place}: the record does not say"
