"""A line of a bill is held against the unit that the bill is of, in three values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest

from graph.model.applicability import Facts, Fitted, Held, Subject
from graph.model.bill import Component, Place
from graph.model.identifier import Utcs
from graph.model.line_effectivity import Effectivities, EndItem

DAY = date(2025, 6, 1)
AIRCRAFT = Utcs("TEST", "aircraft", "AC-1")
LEFT, RIGHT, BRAKE = (Utcs("TEST", "serial", name) for name in ("LEFT", "RIGHT", "BRAKE"))
PLACES: Mapping[Place, Utcs] = {(): AIRCRAFT, ("L",): LEFT, ("R",): RIGHT, ("L", "B"): BRAKE}


def line(*only: str) -> Component:
    return Component(("010",), "part", Decimal(1), only)


def fitted(part: str, unit: Utcs, carrier: Utcs | None, position: str = "") -> Fitted:
    return Fitted(part, unit, unit.local, unit.local, None, carrier, position)


def aboard(*only: str, embodied: Sequence[Held] = (), msn: str | None = "7") -> EndItem:
    """Two legs of one part in an aircraft, the left one with a brake."""
    facts = Facts(
        DAY,
        {AIRCRAFT: Subject(AIRCRAFT, "", AIRCRAFT, msn)},
        (
            fitted("LEG", LEFT, AIRCRAFT, "L"),
            fitted("LEG", RIGHT, AIRCRAFT, "R"),
            fitted("BRK", BRAKE, AIRCRAFT, "L.B"),
        ),
        embodied,
    )
    return EndItem(AIRCRAFT, PLACES, Effectivities.of([line(*only)]), facts)


def alone(*only: str, embodied: Sequence[Held] = (), made: date | None = None) -> EndItem:
    """The left leg and its brake, in no aircraft; the right one is elsewhere."""
    facts = Facts(
        DAY,
        {AIRCRAFT: Subject(AIRCRAFT, "", AIRCRAFT, "7")},
        (fitted("BRK", BRAKE, None), fitted("LEG", RIGHT, AIRCRAFT, "R")),
        embodied,
    )
    places: Mapping[Place, Utcs] = {(): LEFT, ("B",): BRAKE}
    return EndItem(LEFT, places, Effectivities.of([line(*only)]), facts, {LEFT: made})


@pytest.mark.parametrize(
    ("only", "place", "holds"),
    [
        ("MSN 1-9", (), True),
        ("MSN 1-9", ("L",), True),
        ("MSN 10-", ("L", "B"), False),
        ("post MOD", (), False),
        ("pre MOD", (), True),
        ("installed BRK at L.B", ("R",), True),
        ("part LEG serial LEFT", ("L",), True),
        ("part LEG serial LEFT", ("R",), False),
        ("type X", ("L",), None),
        ("manufactured from 2020-01-01", ("L",), None),
        ("date from 2025-06-01", ("R",), True),
    ],
)
def test_a_line_is_asked_of_the_aircraft_or_of_the_unit_that_the_bill_is_of(
    only: str, place: Place, holds: bool | None
) -> None:
    assert aboard(only).applies(place, line(only)).holds is holds


def test_a_modification_of_one_leg_is_not_taken_for_one_of_the_aircraft() -> None:
    embodied = (Held("MOD", LEFT, AIRCRAFT),)

    assert aboard("post MOD", embodied=embodied).applies(("L",), line("post MOD")).holds is None
    of_legs = "part LEG post MOD"
    assert aboard(of_legs, embodied=embodied).applies(("L",), line(of_legs)).holds is True
    assert aboard(of_legs, embodied=embodied).applies(("R",), line(of_legs)).holds is False


@pytest.mark.parametrize(
    ("only", "holds"),
    [
        ("MSN 1-9", None),
        ("not MSN 1-9", None),
        ("installed BRK at B", True),
        ("installed LEG", False),
        ("post MOD", True),
        ("manufactured from 2020-01-01", True),
        ("delivered from 2020-01-01", None),
    ],
)
def test_a_loose_assembly_is_an_end_item_of_which_nobody_knows_an_msn(
    only: str, holds: bool | None
) -> None:
    item = alone(only, embodied=(Held("MOD", LEFT, None),), made=date(2021, 1, 1))

    assert item.applies((), line(only)).holds is holds


def test_all_that_is_written_of_a_line_and_its_groups_has_to_hold() -> None:
    both = ("MSN 1-9", "type X")

    assert aboard(*both).applies((), line(*both)).holds is None
    assert aboard("MSN 10-", "type X").applies((), line("type X", "MSN 10-")).holds is False
    assert aboard("MSN 1-9", "all").applies((), line("MSN 1-9", "all")).holds is True


def test_what_cannot_be_read_is_unknown_and_says_where() -> None:
    found = aboard("MSN 1 adn 2").applies((), line("MSN 1 adn 2"))

    assert found.holds is None
    assert found.fact.startswith("its expression cannot be read: column 7: ")


def test_another_day_is_another_answer() -> None:
    only = "date before 2025-01-01"

    assert aboard(only).applies((), line(only)).holds is False
    assert aboard(only).on(date(2024, 12, 31)).applies((), line(only)).holds is True
