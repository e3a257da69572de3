"""The maintenance programme by MSG-3 and the S1000D data modules that tell how."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from graph.model.alias import Alias
from graph.model.engineering import IssueType, Publication, ReleaseStatus
from graph.model.event import Event
from graph.model.identifier import Utcs
from graph.model.maintenance import FailureEffect, Task, TaskCategory, TaskSource
from ingest.fleet.catalogue import ITEMS, SYSTEMS, Item, System, system
from ingest.fleet.design import design_id, fingerprint
from ingest.fleet.product import part_id
from ingest.fleet.requirement import capital, paragraph_id, requirement_id
from ingest.fleet.statement import CERTIFIED, PLM, days, link, put, utcs

A_CHECK_FH: Final = 600
"""Flight hours between A checks; their tasks are those with this interval."""

C_CHECK_FH: Final = 2400
"""Flight hours between C checks."""


class Planned(NamedTuple):
    """A task of the programme, with what it rests on and what it is done on."""

    utcs: Utcs
    properties: Task
    meets: tuple[Utcs, ...]
    part: Utcs
    follows: tuple[Utcs, ...]


_MODULES: Final = (
    ("040A", "description of how it is made and works"),
    ("341A", "manual test"),
    ("520A", "remove procedure"),
    ("720A", "install procedure"),
)


@cache
def programme_tasks() -> tuple[Planned, ...]:
    """Returns every task of the programme, by chapter and item."""
    return (*map(_zonal, SYSTEMS), *(planned for found in ITEMS for planned in _of(found)))


def _zonal(found: System) -> Planned:
    name = f"General visual inspection, {found.noun}"
    return Planned(
        utcs("task", f"TASK-{found.chapter}-GVI"),
        _task(
            f"{found.chapter}-000-01",
            name,
            found.chapter,
            TaskCategory.GENERAL_VISUAL_INSPECTION,
            fh=A_CHECK_FH,
        ),
        (requirement_id(found.chapter, "AVAIL"), paragraph_id("CS 25.1529")),
        utcs("part", f"H2-{found.chapter}-INST"),
        (),
    )


def _of(found: Item) -> Iterator[Planned]:
    number = f"{found.ata}-{ITEMS.index(found):02d}"
    if system(found.chapter).dal in "AB" and not found.parent:
        name = f"Functional check, {found.noun}"
        task = _task(f"{number}1", name, found.ata, TaskCategory.FUNCTIONAL_CHECK, fh=C_CHECK_FH)
        yield _planned(found, "FNC", task, (requirement_id(found.key, "FUNC"),))
    if found.mtbur_fh and found.chapter in ("28", "32", "72", "73", "75", "79"):
        name = f"Detailed inspection, {found.noun}"
        task = _task(f"{number}2", name, found.ata, TaskCategory.DETAILED_INSPECTION, fh=A_CHECK_FH)
        yield _planned(found, "DET", task, (requirement_id(found.key, "REL"),))
    if found.limit:
        amount, unit = found.limit
        name = f"Discard at life limit, {found.noun}"
        task = _task(f"{number}3", name, found.ata, TaskCategory.DISCARD, **{unit.lower(): amount})
        basis = (requirement_id(found.key, "LIFE"), paragraph_id("CS 25.571"))
        yield _planned(found, "DIS", task, basis)


def _planned(found: Item, kind: str, task: Task, meets: tuple[Utcs, ...]) -> Planned:
    codes = ("520A", "720A") if kind == "DIS" else ("341A",)
    follows = tuple(publication_id(found, code) for code in codes)
    return Planned(
        utcs("task", f"TASK-{found.key}-{kind}"), task, meets, part_id(found.key), follows
    )


def _task(
    number: str,
    name: str,
    ata: str,
    category: TaskCategory,
    fh: int | None = None,
    fc: int | None = None,
    d: int | None = None,
) -> Task:
    limits = category is TaskCategory.DISCARD
    return Task(
        name=capital(name),
        number=number,
        revision="3",
        task_source=TaskSource.AIRWORTHINESS_LIMITATION if limits else TaskSource.MSG3,
        failure_effect=FailureEffect.HIDDEN_SAFETY if limits else FailureEffect.EVIDENT_OPERATIONAL,
        category=category,
        ata_chapter=ata,
        procedure=f"{capital(name)}, as the data modules of ATA {ata} tell.",
        applicability="All",
        interval_fh=fh,
        interval_fc=fc,
        interval_days=d,
        tolerance_fh=None if limits or fh is None else fh // 10,
        zones=(f"{100 + int(ata[:2])}",),
        access=(f"{100 + int(ata[:2])}AL",),
        skill="B1-H2" if ata[:2] in ("28", "72", "73") else "B1",
        crew=2 if limits else 1,
        estimated_h="6" if limits else "1.5",
        is_critical=system(ata[:2]).dal == "A" and limits,
        status=ReleaseStatus.RELEASED,
    )


def tasks() -> Iterator[Event]:
    """Yields the maintenance programme, as approved with the type."""
    for planned in programme_tasks():
        facts: list[Any] = [put(planned.utcs, planned.properties)]
        facts += [link(planned.utcs, "MEETS", basis) for basis in planned.meets]
        facts.append(link(planned.utcs, "PERFORMED_ON", planned.part))
        facts += [link(planned.utcs, "FOLLOWS", module) for module in planned.follows]
        if planned.properties.skill == "B1-H2":
            facts.append(link(planned.utcs, "REQUIRES", utcs("training", "TRG-LH2")))
        yield PLM.event(f"task-{planned.utcs.local}", CERTIFIED - days(30), facts)


def publications() -> Iterator[Event]:
    """Yields the data modules of every item: what it is, how to test, remove and install it."""
    at = CERTIFIED - days(40)
    yield from (_chapter(found, at) for found in SYSTEMS)
    for found in ITEMS:
        for code, tells in _MODULES:
            yield _module(found, code, tells, at)


def publication_id(found: Item, code: str) -> Utcs:
    """Names the data module of an item with an information code, such as 520A."""
    return utcs("publication", f"DMC-{_dmc(found, code)}")


def _dmc(found: Item, code: str) -> str:
    chapter, section = found.ata.split("-")
    return f"AMPEL360H2-A-{chapter}-{section}-{ITEMS.index(found):02d}-00A-{code}-A"


def _dmc_of_chapter(chapter: str) -> str:
    return f"AMPEL360H2-A-{chapter}-00-00-00A-018A-A"


def _chapter(found: System, at: datetime) -> Event:
    """States the introduction that heads the modules of a chapter."""
    code = _dmc_of_chapter(found.chapter)
    properties = _data_module(code, f"{capital(found.noun)}: introduction", found.chapter, at)
    thing = utcs("publication", f"DMC-{code}")
    facts = [put(thing, properties), link(thing, "DOCUMENTS", design_id(found.chapter))]
    return PLM.event(f"module-{thing.local}", at, facts)


def _module(found: Item, code: str, tells: str, at: datetime) -> Event:
    thing = publication_id(found, code)
    name = f"{capital(found.noun)}: {tells}"
    facts = [
        put(thing, _data_module(_dmc(found, code), name, found.ata, at)),
        link(thing, "DOCUMENTS", design_id(found.key)),
        link(thing, "PART_OF", utcs("publication", f"DMC-{_dmc_of_chapter(found.chapter)}")),
    ]
    if code == "040A":
        facts.append(link(thing, "BASED_ON", utcs("cad", f"CAD-{found.key}")))
    return PLM.event(f"module-{thing.local}", at, facts)


def _data_module(code: str, name: str, ata: str, at: datetime) -> Publication:
    return Publication(
        name=name,
        number=f"DMC-{code}",
        issue="002-00",
        issue_type=IssueType.CHANGED,
        info_code=code[-6:-3],
        ata_chapter=ata,
        language="en-US",
        applicability="All",
        text=f"{name}. Observe the hydrogen and high-voltage warnings.",
        originator="AMPEL360 Aircraft",
        classification="01",
        sha256=fingerprint("dm", code),
        location=f"vault://csdb/DMC-{code}.xml",
        status=ReleaseStatus.RELEASED,
        issued_on=at.date(),
        aliases=(Alias.parse("dmc", code),),
    )
