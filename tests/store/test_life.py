"""How much life is left in units, on a real graph."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from api.report.catalogue import REPORTS
from api.report.make import make
from api.report.reports import llp
from graph.model.identifier import Utcs
from graph.model.life import LifeOrder, LifeStanding, LimitOf, LimitUnit
from graph.model.time import Coordinates, parse_utc
from graph.model.whereabouts import Unsaid
from graph.store import life
from graph.store.apply import apply
from graph.store.changes import head
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.genealogy import genealogy
from graph.store.life import LifeLimited, life_limits
from tests.store.linking import as_of
from tests.store.saying import correct, day, event, put
from tests.store.test_accrual import A1, A2, E1, P1, certified, flight, into, link, out_of, usage

DISC, PUMP, OLD = (f"utcs:TEST:part:{name}" for name in ("DISC", "PUMP", "OLD"))
LOOSE, SHOP = "utcs:TEST:serial:LOOSE", "utcs:TEST:facility:SHOP"


def unit(utcs: str, part: str, **properties: Any) -> list[dict[str, Any]]:
    name = utcs.rpartition(":")[2]
    return [put(utcs, name=name, serial_number=name, **properties), link(utcs, "INSTANCE_OF", part)]


@pytest.fixture
async def told(graph: Graph) -> Graph:
    """A disc in an engine that flies on A1, then on A2; a pump of which nothing is said; a bolt.

    For a day the engine lies in a shop; where the pump is, nobody says.
    """
    await apply(
        graph,
        [
            event(
                put(DISC, name="disc", number="DISC", life_limit_fc="20", life_limit_fh="100"),
                put(
                    PUMP, name="pump", number="PUMP", overhaul_limit_fh="10", life_limit_days="100"
                ),
                put(OLD, name="bolt", number="OLD"),
                put(A1, name="A1"),
                put(A2, name="A2"),
                put(E1, name="E1"),
                put(SHOP, name="shop", category="shop"),
                *unit(P1, DISC),
                *unit(LOOSE, PUMP, manufactured_on=day(0)[:10]),
                *unit("utcs:TEST:serial:BOLT", OLD),
                into(A1, E1),
                into(E1, P1, "2"),
                on=1,
            ),
            *(flight(n, n, A1) for n in range(2, 7)),
            event(out_of(A1, E1), link(E1, "LOCATED_IN", SHOP), on=8, id="shopped"),
            event(
                into(A2, E1), link(E1, "LOCATED_IN", SHOP) | {"fact": "end_link"}, on=9, id="back"
            ),
            *(flight(n, n, A2) for n in range(10, 14)),
        ],
    )
    return graph


async def only(graph: Graph, about: str | None = None, **at: Any) -> dict[str, LifeLimited]:
    page = await life_limits(graph, Utcs.parse(about) if about else None, **at)
    return {one.utcs.local: one for one in page.units}


async def test_cycles_follow_the_part_through_every_aircraft(told: Graph) -> None:
    now = (await only(told, at=as_of(20)))["P1"]
    then = (await only(told, at=as_of(8.5)))["P1"]

    used = {limit.unit: (limit.used, limit.remaining) for limit in now.limits}
    assert used[LimitUnit.FH] == (Decimal(18), Decimal(82))
    assert used[LimitUnit.FC] == (Decimal(9), Decimal(11))
    assert (now.aircraft, now.position) == (Utcs.parse(A2), "1.2")
    assert then.first.used == 5
    assert (then.aircraft, then.position) == (None, "")


async def test_what_was_never_declared_may_have_flown_before_and_is_not_called_within(
    told: Graph,
) -> None:
    silent = (await only(told, at=as_of(20)))["P1"]
    await apply(told, [usage(P1, 1.5, total_fh="0", total_fc="0")])
    declared = (await only(told, at=as_of(20)))["P1"]

    assert (silent.standing, silent.first.is_least) == (LifeStanding.UNKNOWN, True)
    assert (declared.standing, declared.first.used) == (LifeStanding.WITHIN, Decimal(9))


async def test_a_first_declaration_does_not_pass_for_flying(told: Graph) -> None:
    await apply(
        told, [usage(A2, 15, total_fh="20000", total_fc="20000"), usage(P1, 1.5, total_fc="0")]
    )

    found = (await only(told, at=as_of(20)))["P1"]

    assert all(limit.per_day is None for limit in found.limits)
    assert found.reached_on is None


async def test_units_without_a_limit_are_not_told_of_and_silence_is_unknown(told: Graph) -> None:
    found = await only(told, at=as_of(20))

    assert set(found) == {"P1", "LOOSE"}
    overhaul = found["LOOSE"].first
    assert (overhaul.of, overhaul.used) == (LimitOf.OVERHAUL, None)
    assert "ever declared" in overhaul.why
    assert found["LOOSE"].standing is LifeStanding.UNKNOWN


async def test_age_counts_from_the_day_it_was_made(told: Graph) -> None:
    await apply(told, [usage(LOOSE, 2, total_fh="1")])

    at_90, at_101 = [(await only(told, at=as_of(n)))["LOOSE"] for n in (90, 101)]

    assert (at_90.first.unit, at_90.standing) == (LimitUnit.DAYS, LifeStanding.SOON)
    assert at_90.reached_on is not None
    assert at_101.standing is LifeStanding.OVER


async def test_hours_since_overhaul_are_declared_with_the_usage(told: Graph) -> None:
    await apply(told, [usage(LOOSE, 2, total_fh="50", since_overhaul_fh="9.5")])

    found = (await only(told, at=as_of(20)))["LOOSE"]

    assert (found.first.of, found.first.used) == (LimitOf.OVERHAUL, Decimal("9.5"))
    assert found.standing is LifeStanding.SOON


async def test_only_what_is_aboard_is_told_and_what_is_not_there_is_said(told: Graph) -> None:
    assert set(await only(told, A2, at=as_of(20))) == {"P1"}
    assert set(await only(told, A1, at=as_of(20))) == set()
    assert set(await only(told, E1, at=as_of(20))) == {"P1"}
    with pytest.raises(NotFoundError):
        await life_limits(told, Utcs.parse("utcs:TEST:serial:NONE"))
    with pytest.raises(BadQuestionError, match="no life to count"):
        await life_limits(told, Utcs.parse(DISC))
    with pytest.raises(BadQuestionError, match="soon_percent"):
        await life_limits(told, soon_percent=101)


async def test_a_corrected_flight_counts_no_more_and_what_was_known_stays(told: Graph) -> None:
    known = Coordinates(as_of(20).as_of, (await head(told)).recorded_at)
    wrong = flight(99, 15, A2)
    await apply(told, [wrong])
    after = (await only(told, at=as_of(20)))["P1"]
    await apply(told, [event(correct(wrong["id"]))])

    assert after.first.used == 10
    assert (await only(told, at=as_of(20)))["P1"].first.used == 9
    assert (await only(told, at=known))["P1"].first.used == 9


async def test_pages_hold_all_units_once_and_the_most_urgent_first(told: Graph) -> None:
    first = await life_limits(told, first=1, at=as_of(101))
    rest = await life_limits(told, first=1, after=first.next, at=as_of(101))

    assert [one.utcs.local for one in (*first.units, *rest.units)] == ["LOOSE", "P1"]
    assert rest.next is None
    assert first.counts is not None
    assert sum(first.counts.values()) == 2


async def test_in_the_order_of_units_pages_say_the_same_of_each_and_count_nothing_they_did_not_see(
    told: Graph,
) -> None:
    whole = await life_limits(told, at=as_of(101))
    pages = [await life_limits(told, order=LifeOrder.UNIT, first=1, at=as_of(101))]
    pages.append(
        await life_limits(told, order=LifeOrder.UNIT, first=1, after=pages[0].next, at=as_of(101))
    )

    assert [one.utcs.local for page in pages for one in page.units] == ["LOOSE", "P1"]
    assert {one for page in pages for one in page.units} == set(whole.units)
    assert [page.counts for page in pages] == [None, None]
    assert (pages[1].next, whole.next) == (None, None)
    with pytest.raises(BadQuestionError, match="after"):
        await life_limits(told, first=1, after=pages[0].next, at=as_of(101))


async def test_of_more_units_than_can_be_sorted_the_order_of_units_is_asked_for(
    told: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(life, "MOST_LIMITED", 1)

    with pytest.raises(BadQuestionError, match="order: over 1 units have limits"):
        await life_limits(told, at=as_of(101))


async def test_a_report_that_is_cut_counts_all_and_lists_the_most_urgent(
    told: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llp, "MAX_ROWS", 1)

    made = await make(told, REPORTS["llp"], None, asked_by="anna", at=as_of(101))

    how_many, units = made.report.draft.sections
    assert how_many.table is not None
    assert units.table is not None
    assert [row[1] for row in how_many.table.rows] == [1, 0, 1, 0]
    assert [row[1] for row in units.table.rows] == [Utcs.parse(LOOSE)]
    assert (how_many.cut, units.cut) == (None, "the 1 most urgent of 2 are listed")


async def test_a_life_that_is_not_covered_is_said_with_its_gap_and_not_called_within(
    told: Graph,
) -> None:
    await apply(told, [usage(P1, 1.5, total_fh="0", total_fc="0")])
    covered = (await only(told, at=as_of(20)))["P1"]
    fix = event(correct("shopped"), correct("back"), on=30, group="lost")
    lost = event(out_of(A1, E1), into(A2, E1) | {"valid_from": day(9)}, on=8, group="lost")
    outcomes = await apply(told, [fix, lost])
    assert [outcome.status for outcome in outcomes] == ["applied"] * 2, outcomes

    found = (await only(told, at=as_of(20)))["P1"]

    assert (covered.standing, covered.first.gaps) == (LifeStanding.WITHIN, ())
    assert (found.standing, found.first.is_least) == (LifeStanding.UNKNOWN, True)
    assert found.first.used == covered.first.used
    assert found.first.gaps == (Unsaid(parse_utc(day(8)), parse_utc(day(9))),)
    assert found.first.why.endswith("; nothing says where it was from 2025-01-09 to 2025-01-10")
    assert [gap.since for gap in (await genealogy(told, Utcs.parse(P1), at=as_of(20))).gaps] == [
        parse_utc(day(8))
    ]
    await apply(told, [event(out_of(A2, E1), on=25)])
    again = (await only(told, at=as_of(30)))["P1"].first
    assert again.gaps == (*found.first.gaps, Unsaid(parse_utc(day(25)), None))
    assert again.why.endswith("from 2025-01-09 to 2025-01-10 (1 more gap)")


async def test_what_is_over_stays_over_whatever_is_missing_and_age_needs_no_place(
    told: Graph,
) -> None:
    await apply(told, [usage(LOOSE, 2, total_fh="11")])

    found = (await only(told, at=as_of(20)))["LOOSE"]

    (hours, days) = found.limits
    assert (hours.standing(), hours.gaps) == (
        LifeStanding.OVER, (Unsaid(parse_utc(day(1)), None),)
    )  # fmt: skip
    assert (days.standing(), days.is_least, days.gaps) == (LifeStanding.WITHIN, False, ())


async def test_between_overhauls_only_what_is_missing_since_the_last_one_counts(
    told: Graph,
) -> None:
    await apply(
        told,
        [
            usage(LOOSE, 2, total_fh="1"),
            event(link(LOOSE, "LOCATED_IN", SHOP), on=5),
            certified(LOOSE, 6),
        ],
    )

    before, after = [(await only(told, at=as_of(on)))["LOOSE"].limits[0] for on in (5.5, 7)]

    assert (before.of, before.is_least) == (LimitOf.OVERHAUL, True)
    assert [gap.until for gap in before.gaps] == [parse_utc(day(5))]
    assert (after.is_least, after.gaps, after.standing()) == (False, (), LifeStanding.WITHIN)
