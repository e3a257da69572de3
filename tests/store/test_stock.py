"""Stock: received with papers, set aside, issued and taken back; nobody gets what is not there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.flows.lifecycle import LifecycleError
from graph.flows.receipt import receive
from graph.flows.stock import Moved, Wanted, cancel_reservation, issue, reserve, take_back
from graph.flows.submit import ForbiddenError, Principal
from graph.model.identifier import Utcs
from graph.model.kind import plain
from graph.model.maintenance import ReleaseForm
from graph.model.product import SerialCondition, UnitOfMeasure
from graph.model.resources import Stock
from graph.model.stocking import Receipt
from graph.model.time import parse_utc
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.show import show
from graph.store.stock import find_stock
from graph.store.work_order import find_order
from tests.store.conftest import empty
from tests.store.linking import as_of, id_of, link, tell, thing
from tests.store.saying import correct, day, event
from tests.store.storing import SECOND, STORE, refusal, stores
from tests.store.working import ADMIN, ORDER, PART, STOCK, completed, lot, signed_off


def receipt(**changes: Any) -> Receipt:
    """Four seals with their Form 1."""
    said: dict[str, Any] = {
        "number": "GR-1", "unit": UnitOfMeasure.EACH, "part": PART, "quantity": Decimal(4),
        "place": STORE, "certificate": "F1-77", "form": ReleaseForm.EASA_FORM_1, "batch": "H-1",
        "expires_on": date(2027, 1, 31),
    }  # fmt: skip
    return Receipt(**said | changes)


def wanted(much: float, of: Utcs = PART, order: Utcs = ORDER, **more: Any) -> Wanted:
    return Wanted(order, of, Decimal(str(much)), at=parse_utc(day(10)), **more)


async def lies(graph: Graph, utcs: Utcs = STOCK) -> tuple[str, str]:
    """How much of a lot lies there, and how much of it is set aside."""
    said = (await show(graph, utcs)).node.properties
    assert isinstance(said, Stock)
    return plain(said.quantity or Decimal()), plain(said.reserved_quantity or Decimal())


def moved(made: Moved) -> dict[str, str]:
    return {line.stock.local: f"{line.quantity:f}" for line in made.lines}


async def test_what_is_received_lies_in_its_place_with_batch_and_papers_and_can_be_used(
    graph: Graph,
) -> None:
    await stores(graph)

    made = await receive(graph, ADMIN, receipt(bin="A-1", minimum=Decimal(20)))

    (part,) = (await find_stock(graph, part=PART)).parts
    found = next(one for one in part.lots if one.lot.utcs == made.lines[0].stock)
    assert (found.place, found.why, found.lot.stock.bin) == (STORE, None, "A-1")
    assert (found.lot.batches[0].number, found.lot.papers) == ("H-1", ("valid",))
    assert [(str(one.place), str(one.minimum), one.is_below) for one in part.levels] == [
        (str(STORE), "20", True)
    ]


async def test_the_same_receipt_twice_is_refused_and_of_two_at_once_one_stands(
    graph: Graph,
) -> None:
    await stores(graph)

    both = await asyncio.gather(
        *(receive(graph, ADMIN, receipt()) for _ in range(2)), return_exceptions=True
    )
    again = await refusal(graph, receive(graph, ADMIN, receipt()))

    assert sorted(type(one).__name__ for one in both) == ["LifecycleError", "Moved"]
    assert set(again) == {"stock.receive/twice"}


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"certificate": None}, "certificate", "give its number and form"),
    ({"form": None}, "certificate", "say which form it is"),
    ({"form": ReleaseForm.CRS}, "certificate", "releases no component"),
    ({"certificate": "F1-OLD"}, "certificate", "is revoked"),
    ({"expires_on": date(2025, 1, 9)}, "shelf-life", "expired on 2025-01-09"),
    ({"expires_on": None, "part": id_of("part-old")}, "shelf-life", "has a shelf life"),
    (
        {"expires_on": None, "part": id_of("part-old"), "manufactured_on": date(2024, 12, 1)},
        "shelf-life", "expired on 2024-12-31",
    ),
    ({"condition": SerialCondition.UNSERVICEABLE}, "condition", "unserviceable"),
    ({"quantity": Decimal(0)}, "quantity", "more than 0"),
    ({"quantity": Decimal(-1)}, "quantity", "more than 0"),
    ({"quantity": Decimal("NaN")}, "quantity", "more than 0"),
    ({"quantity": Decimal("1e12")}, "quantity", "at most"),
    ({"quantity": Decimal("1.5"), "unit": UnitOfMeasure.EACH}, "quantity", "is whole"),
    ({"minimum": Decimal(-1)}, "quantity", "minimum"),
    ({"part": id_of("part-oil"), "unit": UnitOfMeasure.KILOGRAM}, "unit", "counted by litre"),
    ({"unit": None}, "unit", "does not say what it is counted in"),
    ({"part": id_of("part-unit")}, "serial", "one unit at a time"),
    ({"part": id_of("part-unit"), "serial": id_of("serial-1")}, "serial", "aircraft-2; take it out"),
    ({"serial": id_of("serial-2"), "quantity": Decimal(1)}, "serial", "is of no part number"),
    ({"part": id_of("part-gone")}, "part", "is cancelled"),
    ({"manufactured_on": date(2025, 2, 1)}, "future", "still to come"),
    ({"batch": "BAD"}, "batch", "is quarantined"),
]  # fmt: skip


async def test_what_may_not_come_in_is_refused_with_the_reason(graph: Graph) -> None:
    await stores(graph)
    await tell(graph, event(
        thing("part-oil", unit_of_measure="litre"), thing("part-gone", status="cancelled"),
        thing("part-old", shelf_life_days="30"), thing("part-unit", is_serialised=True),
        *(thing(f"serial-{n}") for n in (1, 2)), link("aircraft-2", "CONTAINS", "serial-1", "A"),
        link("serial-1", "INSTANCE_OF", "part-unit"),
        on=3,
    ))  # fmt: skip
    form = {"form": "easa_form_1", "status": "revoked", "name": "F1-OLD"}
    bad = Utcs("TEST", "batch", "part-1-BAD")
    instance = {"source": str(bad), "link": "INSTANCE_OF", "target": str(PART), "fact": "put_link"}
    await tell(graph, event(
        {"fact": "put_node", "utcs": "utcs:TEST:release:F1-OLD", "properties": form},
        {"fact": "put_node", "utcs": str(bad), "properties": {"name": "B", "status": "quarantined"}},
        instance, on=3,
    ))  # fmt: skip
    when = parse_utc(day(9.5))

    for changes, rule, words in BAD:
        told = await refusal(graph, receive(graph, ADMIN, receipt(**changes), at=when))
        assert words in told[f"stock.receive/{rule}"], changes


async def test_what_lacks_papers_goes_into_quarantine_and_is_not_drawn_from(graph: Graph) -> None:
    await stores(graph)
    part = id_of("part-9")
    await tell(graph, event(thing("part-9"), on=3))

    held = receipt(part=part, certificate=None, form=None, is_held=True)
    made = await receive(graph, ADMIN, held, at=parse_utc(day(5)))

    told = await refusal(graph, reserve(graph, ADMIN, wanted(1, part)))
    assert f"{made.lines[0].stock.local} is quarantined" in told["stock.reserve/quantity"]


async def test_a_unit_is_received_into_a_lot_of_its_own_and_set_aside_by_its_name(
    graph: Graph,
) -> None:
    await stores(graph)
    unit, part = id_of("serial-7"), id_of("part-unit")
    await tell(graph, event(
        thing("part-unit", is_serialised=True), thing("serial-7", condition="new"),
        link("serial-7", "INSTANCE_OF", "part-unit"), on=3,
    ))  # fmt: skip
    at = parse_utc(day(5))

    await receive(
        graph, ADMIN, receipt(part=part, serial=unit, quantity=Decimal(1), batch=None), at=at
    )
    made = await reserve(graph, ADMIN, wanted(1, unit))
    again = await refusal(graph, reserve(graph, ADMIN, wanted(1, unit, SECOND)))

    ((lot_of_unit,),) = [one.lots for one in (await find_stock(graph, part=part)).parts]
    assert (lot_of_unit.units, moved(made)) == ((unit,), {"GR-1": "1"})
    assert "0 in stock that is free for workorder-2" in again["stock.reserve/quantity"]


async def test_set_aside_issued_and_taken_back_the_lot_tells_the_same_as_the_order(
    graph: Graph,
) -> None:
    await stores(graph)

    await reserve(graph, ADMIN, wanted(3))
    set_aside = await lies(graph)
    await issue(graph, ADMIN, replace(wanted(4), at=parse_utc(day(11))))
    issued = await lies(graph)
    await take_back(graph, ADMIN, replace(wanted(1), at=parse_utc(day(12))))
    back = await lies(graph)
    await cancel_reservation(graph, ADMIN, replace(wanted(1), at=parse_utc(day(13))))

    order = await find_order(graph, ORDER)
    assert (set_aside, issued, back) == (("10", "5"), ("6", "1"), ("7", "1"))
    assert (await lies(graph), dict(order.reserved)) == (("7", "0"), {})
    assert {utcs: str(much) for utcs, much in order.consumed.items()} == {STOCK: "3.0"}


async def test_of_two_who_set_the_last_piece_aside_one_is_refused(graph: Graph) -> None:
    await stores(graph)
    await reserve(graph, ADMIN, wanted(7))
    at = parse_utc(day(11))

    both = await asyncio.gather(
        *(reserve(graph, ADMIN, replace(wanted(1, order=one), at=at)) for one in (ORDER, SECOND)),
        return_exceptions=True,
    )

    (lost,) = [one for one in both if isinstance(one, LifecycleError)]
    assert "1 wanted and 0 in stock" in lost.message
    assert await lies(graph) == ("10", "10")


async def test_what_is_set_aside_for_one_order_is_not_issued_to_another(graph: Graph) -> None:
    await stores(graph)

    told = await refusal(graph, issue(graph, ADMIN, wanted(9, order=SECOND)))
    await issue(graph, ADMIN, wanted(8, order=SECOND))

    assert "9 wanted and 8 in stock that is free for workorder-2" in told["stock.issue/quantity"]
    assert await lies(graph) == ("2", "2")


async def test_an_approved_alternate_stands_in_where_it_is_asked_for(graph: Graph) -> None:
    await stores(graph)
    await tell(graph, event(
        *(thing(f"part-{n}") for n in ("a", "b", "c")),
        *(fact for n in ("a", "b", "c") for fact in lot(f"stock-{n}", f"part-{n}", quantity="1")),
        link("part-a", "ALTERNATE_OF", "part-1"), link("part-1", "ALTERNATE_OF", "part-b"),
        link("part-1", "ALTERNATE_OF", "part-c", is_two_way=True), on=3,
    ))  # fmt: skip

    told = await refusal(graph, reserve(graph, ADMIN, wanted(10)))
    made = await reserve(graph, ADMIN, wanted(10, with_alternates=True))
    more = await refusal(
        graph,
        reserve(graph, ADMIN, replace(wanted(1, with_alternates=True), at=parse_utc(day(11)))),
    )

    assert "10 wanted and 8 in stock" in told["stock.reserve/quantity"]
    assert moved(made) == {"stock-1": "8", "stock-a": "1", "stock-c": "1"}
    assert "stock.reserve/quantity" in more, "part-b may not stand in for part-1"


async def test_a_part_that_no_bill_of_the_asset_calls_for_is_not_allowed_there(
    graph: Graph,
) -> None:
    await stores(graph)
    await tell(graph, event(
        *(thing(f"part-{n}") for n in ("type", "other", "inner", "odd", "seal")),
        *lot("stock-odd", "part-odd", quantity="5"), *lot("stock-seal", "part-seal", quantity="5"),
        link("aircraft-1", "INSTANCE_OF", "part-type"), link("part-other", "HAS_COMPONENT", "part-odd", "1"),
        link("part-type", "HAS_COMPONENT", "part-inner", "1"),
        link("part-inner", "HAS_COMPONENT", "part-seal", "1"), on=2.6,
    ))  # fmt: skip
    await signed_off(graph)

    odd = await refusal(graph, reserve(graph, ADMIN, wanted(1, id_of("part-odd"))))
    used = await refusal(graph, completed(graph, parts=("part-odd",)))
    await reserve(graph, ADMIN, wanted(1, id_of("part-seal")))
    await tell(graph, event(link("part-odd", "ALTERNATE_OF", "part-seal"), on=3))
    made = await reserve(graph, ADMIN, wanted(1, id_of("part-odd")))

    assert "no bill of what is worked on calls for it" in odd["stock.reserve/part"]
    assert "no bill of what is worked on calls for it" in used["workorder.complete/part"]
    assert moved(made) == {"stock-odd": "1"}


async def test_bad_moves_are_refused_with_the_field(graph: Graph) -> None:
    await stores(graph)
    await tell(graph, event(thing("workorder-9", number="WO-9", status="closed"), on=3))

    async def rules(doing: Any) -> set[str]:
        return set(await refusal(graph, doing))

    for much in (0, -1, "NaN", "1e10", "0.1234567890123456789"):
        bad = Wanted(ORDER, PART, Decimal(much), at=parse_utc(day(10)))
        assert await rules(reserve(graph, ADMIN, bad)) == {"stock.reserve/quantity"}
    assert await rules(reserve(graph, ADMIN, wanted(1.5))) == {"stock.reserve/quantity"}
    litre = wanted(1, unit=UnitOfMeasure.LITRE)
    assert await rules(issue(graph, ADMIN, litre)) == {"stock.issue/unit"}
    ended = wanted(1, order=id_of("workorder-9"))
    assert await rules(reserve(graph, ADMIN, ended)) == {"stock.reserve/state"}
    assert await rules(take_back(graph, ADMIN, wanted(1))) == {"stock.return/quantity"}
    assert await rules(cancel_reservation(graph, ADMIN, wanted(3))) == {"stock.cancel/quantity"}
    with pytest.raises(BadQuestionError, match="is a workorder; name a part number"):
        await reserve(graph, ADMIN, wanted(1, ORDER))
    with pytest.raises(BadQuestionError, match="still to come"):
        await reserve(graph, ADMIN, replace(wanted(1), at=parse_utc("2999-01-01T00:00:00Z")))
    with pytest.raises(BadQuestionError, match="not after what was said last"):
        await reserve(graph, ADMIN, replace(wanted(1), at=parse_utc(day(1))))
    with pytest.raises(BadQuestionError, match="number: 'a b' names nothing"):
        await receive(graph, ADMIN, receipt(number="a b"))
    with pytest.raises(BadQuestionError, match=r"place: .* is a part; give a facility"):
        await receive(graph, ADMIN, receipt(place=PART))
    with pytest.raises(NotFoundError, match="part-404"):
        await receive(graph, ADMIN, receipt(part=id_of("part-404")))
    with pytest.raises(NotFoundError, match="facility-404"):
        await find_stock(graph, place=id_of("facility-404"))
    with pytest.raises(ForbiddenError):
        await reserve(graph, Principal.of("eve", "reader"), wanted(1))


async def test_stock_is_told_page_by_page_as_it_was_and_as_it_was_known(graph: Graph) -> None:
    await stores(graph)
    await tell(graph, event(thing("part-2"), *lot("stock-2", "part-2", quantity="1"), on=3))
    made = await issue(graph, ADMIN, wanted(4))

    first = await find_stock(graph, first=1)
    rest = await find_stock(graph, first=1, after=first.next)
    here = await find_stock(graph, place=STORE)
    before = await find_stock(graph, part=PART, at=as_of(9))
    await tell(graph, event(correct(made.event) | {"source": "urn:utcs:work"}))
    (undone,) = (await find_stock(graph, part=PART)).parts

    assert [one.part.number for page in (first, rest) for one in page.parts] == ["part-1", "part-2"]
    assert (rest.next, [one.part.number for one in here.parts]) == (None, ["part-1"])
    assert [plain(one.on_hand) for one in before.parts[0].levels] == ["10"]
    assert [plain(one.on_hand) for one in undone.levels] == ["10"]


MOVES = {"reserve": reserve, "issue": issue, "cancel": cancel_reservation, "return": take_back}


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from([*MOVES]), st.sampled_from([ORDER, SECOND]), st.integers(1, 6)),
        max_size=10,
    )
)
async def test_a_lot_holds_what_a_plain_count_of_the_moves_says(
    graph: Graph, moves: list[tuple[str, Utcs, int]]
) -> None:
    await empty(graph)
    await stores(graph)
    lies_there, had = 10, {ORDER: 2, SECOND: 0}
    used = {ORDER: 0, SECOND: 0}

    for number, (verb, order, much) in enumerate(moves):
        free = lies_there - sum(had.values())
        most = {
            "reserve": free, "issue": free + had[order], "cancel": had[order], "return": used[order],
        }[verb]  # fmt: skip
        at = parse_utc(day(10)) + timedelta(hours=number)
        doing = MOVES[verb](graph, ADMIN, Wanted(order, PART, Decimal(much), at=at))
        if much > most:
            await refusal(graph, doing)
            continue
        await doing
        lies_there += {"issue": -much, "return": much}.get(verb, 0)
        used[order] += {"issue": much, "return": -much}.get(verb, 0)
        freed = min(much, had[order]) if verb in ("issue", "cancel") else 0
        had[order] += much if verb == "reserve" else -freed

    assert await lies(graph) == (str(lies_there), str(sum(had.values())))
