"""Each place of a unit is judged by the bill of material, positions and alternates of one time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model.applicability import Finding
from graph.model.bill import Component, Design, PartFacts, Place, Stand
from graph.model.reconciliation import Judged, Reconciled, Unit, Verdict
from graph.model.reconciliation import judge as judge_by

BRAKES = ("LEG.B1", "LEG.B2")


SAID = {
    "yes": Finding(True, "it is so"),
    "no": Finding(False, "it is not so"),
    "unknown": Finding(None, "nobody says"),
}


def reconciled(of: Design, part: str, there: Mapping[Place, Unit]) -> Reconciled:
    """What is reconciled, where the effectivity of a line says itself whether it applies."""
    return judge_by(of, part, there, lambda _place, line: SAID[line.effectivity[0]])


def judge(of: Design, part: str, there: Mapping[Place, Unit]) -> Mapping[Place, Judged]:
    return reconciled(of, part, there).places


def line(part: str, quantity: int = 1, find: str = "010", **more: Any) -> Component:
    return Component((find,), part, Decimal(quantity), **more)


def facts(
    number: str, *stands: Stand, fits: tuple[str, ...] = (), unit: bool | None = True
) -> PartFacts:
    return PartFacts(number, unit, stands, frozenset(fits))


def design(
    positions: bool = True, optional: tuple[str, ...] = (), **bills: list[Component]
) -> Design:
    """An aircraft with a leg in an installation, two brakes in the leg, and some bolts."""
    brakes, legs = (BRAKES, ("LEG",)) if positions else ((), ())
    parts = {
        "AC": facts("AC"), "INST": facts("INST", unit=False), "BOLT": facts("BOLT", unit=False),
        "LEG": facts("LEG", fits=legs),
        "BRAKE": facts("BRAKE", fits=brakes),
        "ALT": facts("ALT", Stand("BRAKE", "STC 7"), fits=brakes[:1]),
        "BARE": facts("BARE", Stand("BRAKE")),
        "NEW": facts("NEW", Stand("BRAKE", supersedes=True), fits=brakes),
        "FIT": facts("FIT", fits=brakes),
        "ODD": facts("ODD"),
    }  # fmt: skip
    known = {
        "AC": [line("INST", find="32"), line("BOLT", 9, "90")],
        "INST": [line("LEG")],
        "LEG": [line("BRAKE", 2), line("BOLT", 4, "020")],
    }
    return Design(known | bills, parts, frozenset(optional))


def units(**parts: str | None) -> dict[Place, Unit]:
    """A leg, and what is in it by slot."""
    there: dict[Place, Unit] = {("LEG",): Unit("u-leg", "LEG")}
    return there | {("LEG", slot): Unit(f"u-{slot}", part) for slot, part in parts.items()}


def verdicts(of: Design, there: Mapping[Place, Unit]) -> dict[str, str]:
    return {".".join(place): one.verdict.value for place, one in judge(of, "AC", there).items()}


@pytest.mark.parametrize("positions", [True, False])
def test_what_is_called_for_is_as_designed(positions: bool) -> None:
    assert set(verdicts(design(positions), units(B1="BRAKE", B2="BRAKE")).values()) == {
        "as_designed"
    }


@pytest.mark.parametrize(
    ("part", "verdict", "why"),
    [
        ("ALT", "allowed_alternate", "ALT is an alternate of BRAKE (STC 7) and fits LEG.B1"),
        ("NEW", "allowed_alternate", "NEW supersedes BRAKE and fits LEG.B1"),
        ("FIT", "allowed_alternate", "FIT is not BRAKE, but fits LEG.B1"),
        ("BARE", "unapproved", "BARE is an alternate of BRAKE, but does not fit LEG.B1"),
        ("ODD", "unapproved", "ODD is not BRAKE and does not fit LEG.B1"),
        (None, "undetermined", "its part number is not recorded"),
    ],
)
def test_a_part_in_a_position_is_classed_with_its_reason(
    part: str | None, verdict: str, why: str
) -> None:
    found = judge(design(), "AC", units(B1=part, B2="BRAKE"))["LEG", "B1"]

    assert (found.verdict.value, found.why) == (verdict, why)


def test_an_alternate_is_allowed_in_its_own_positions_only() -> None:
    assert verdicts(design(), units(B1="BRAKE", B2="ALT"))["LEG.B2"] == "unapproved"


@pytest.mark.parametrize(
    ("part", "verdict"),
    [("ALT", "allowed_alternate"), ("NEW", "allowed_alternate"), ("BARE", "unapproved"), ("ODD", "extra")],
)  # fmt: skip
def test_without_positions_the_part_tells_and_an_alternate_needs_an_approval(
    part: str, verdict: str
) -> None:
    found = verdicts(design(positions=False), units(B1=part, B2="BRAKE"))

    assert found["LEG.B1"] == verdict
    assert ("LEG.010" in found) == (verdict == "extra")


def test_what_is_not_there_is_missing_and_named_by_its_position() -> None:
    assert verdicts(design(), units(B1="BRAKE"))["LEG.B2"] == "missing"
    assert verdicts(design(), {}) == {"LEG": "missing"}
    assert verdicts(design(positions=False), {}) == {"32/010": "missing"}
    assert verdicts(design(positions=False), units()) == {
        "LEG": "as_designed", "LEG.010 #1": "missing", "LEG.010 #2": "missing",
    }  # fmt: skip


def test_what_is_missing_never_hides_what_is_in_a_slot_of_that_name() -> None:
    found = verdicts(design(positions=False), units(**{"010 #1": "ODD", "010": "ODD"}))

    assert Counter(found.values()) == {"as_designed": 1, "extra": 2, "missing": 2}


def test_a_position_that_may_be_empty_is_not_missing() -> None:
    assert verdicts(design(optional=BRAKES[1:]), units(B1="BRAKE")) == {
        "LEG": "as_designed", "LEG.B1": "as_designed",
    }  # fmt: skip


def test_more_than_is_called_for_is_extra_and_never_the_one_that_was_called_for() -> None:
    found = verdicts(design(positions=False), units(A="ALT", B="BRAKE", C="BRAKE"))

    assert found == {"LEG.A": "extra"} | dict.fromkeys(("LEG", "LEG.B", "LEG.C"), "as_designed")


def limited(only: str, *more: Component) -> Design:
    """The brakes of a leg are called for where a word holds."""
    return design(LEG=[line("BRAKE", 2, effectivity=(only,)), *more])


def test_a_line_that_applies_calls_as_any_other() -> None:
    assert verdicts(limited("yes"), units(B1="BRAKE")) == {
        "LEG": "as_designed", "LEG.B1": "as_designed", "LEG.B2": "missing",
    }  # fmt: skip


def test_a_line_that_does_not_apply_calls_for_nothing_and_says_so_of_what_is_there() -> None:
    found = reconciled(limited("no"), "AC", units(B1="BRAKE"))

    assert {".".join(place): one.verdict.value for place, one in found.places.items()} == {
        "LEG": "as_designed", "LEG.B1": "extra",
    }  # fmt: skip
    assert found.places["LEG", "B1"].why == (
        "BRAKE is called for only where 'no' holds: not applicable because it is not so"
    )
    assert [(one.above, one.component.part) for one in found.left_out] == [(("LEG",), "BRAKE")]


def test_what_rests_on_a_line_that_may_apply_is_undetermined_unless_it_is_wrong_anyway() -> None:
    found = reconciled(limited("unknown"), "AC", units(B1="BRAKE", B3="ODD"))

    assert {".".join(place): one.verdict.value for place, one in found.places.items()} == {
        "LEG": "as_designed", "LEG.B1": "undetermined", "LEG.B2": "undetermined", "LEG.B3": "extra",
    }  # fmt: skip
    for slot in ("B1", "B2"):
        assert found.places["LEG", slot].why == (
            "BRAKE is called for only where 'unknown' holds: unknown because nobody says"
        )
    assert verdicts(limited("unknown"), units(B1="ODD", B2="BRAKE"))["LEG.B1"] == "unapproved"
    assert [one.component.part for one in found.doubtful] == ["BRAKE"]


def test_what_is_certain_is_called_for_before_what_may_be() -> None:
    both = limited("unknown", line("BRAKE", 1, "011"))
    exact = design(
        positions=False,
        LEG=[line("ALT", 1, effectivity=("unknown",)), line("BRAKE", 1, "011")],
    )

    assert verdicts(both, units(B1="BRAKE"))["LEG.B1"] == "as_designed"
    assert verdicts(exact, units(B1="ALT", B2="BRAKE")) == {
        "LEG": "as_designed", "LEG.B1": "undetermined", "LEG.B2": "as_designed",
    }  # fmt: skip


def test_a_group_hands_down_what_has_to_hold_for_it() -> None:
    only = design(AC=[line("INST", find="32", effectivity=("no",))])

    found = reconciled(only, "AC", {})

    assert found.places == {}
    assert [one.component.find for one in found.left_out] == [("32", "010")]


def test_an_alternate_assembly_is_judged_by_the_bill_of_what_it_stands_in_for() -> None:
    bare = Design(
        {"AC": [line("LEG")], "LEG": [line("BRAKE", 2)]},
        {"LEG": facts("LEG"), "BRAKE": facts("BRAKE"), "LEG2": facts("LEG2", Stand("LEG", supersedes=True))},
    )  # fmt: skip
    there = units(B1="BRAKE", B2="BRAKE") | {("LEG",): Unit("u-leg", "LEG2")}

    assert verdicts(bare, there) == {
        "LEG": "allowed_alternate", "LEG.B1": "as_designed", "LEG.B2": "as_designed",
    }  # fmt: skip


def test_without_a_bill_nothing_is_judged() -> None:
    found = judge(Design({}, {}), "AC", units(B1="BRAKE"))

    assert {one.verdict for one in found.values()} == {Verdict.UNDETERMINED}
    assert found["LEG",].why == "no bill of material of AC is recorded"


def test_a_bill_that_contains_itself_ends() -> None:
    loop = Design({"A": [line("B")], "B": [line("A")]}, {})

    assert loop.units_of("A") == []


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["BRAKE", "ALT", "NEW", "BARE", "ODD", None]), max_size=5),
    st.booleans(),
    st.integers(0, 4),
)
def test_every_unit_is_judged_once_and_the_numbers_come_out(
    parts: list[str | None], positions: bool, quantity: int
) -> None:
    """Called for = filled + missing, whatever is installed; surplus and strangers are extra."""
    of = design(positions, LEG=[line("BRAKE", quantity)])
    there = units(**{f"B{n}": part for n, part in enumerate(parts, 1)})

    found = judge(of, "AC", there)

    assert {one.unit for one in found.values() if one.unit} == {*there.values()}
    counts = Counter(one.verdict for place, one in found.items() if place != ("LEG",))
    filled = len(parts) - counts[Verdict.EXTRA]
    assert filled + counts[Verdict.MISSING] == quantity or (quantity == 0 and not filled)
    assert filled <= quantity
