"""Each figure is worked out from what is on record; what is missing is told, and no figure is made of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from graph.model.change import Bulletin, Eco, Ecr, Modification, StockDisposition
from graph.model.change_cost import Bill, cost, disposition
from graph.model.identifier import Utcs
from graph.model.product import Part
from graph.model.resources import Stock

OLD, NEW = Utcs("TEST", "part", "old"), Utcs("TEST", "part", "new")
PARTS = {
    OLD: Part(name="o", number="o", unit_cost_eur=100),
    NEW: Part(name="n", number="n", unit_cost_eur="150.5"),
}


def utcs(kind: str) -> Utcs:
    return Utcs("TEST", kind, "1")


def bill(**changes: Any) -> Bill:
    made: dict[str, Any] = {
        "changes": {}, "replaced": [(OLD, NEW)], "parts": PARTS, "installed": {OLD: 4},
        "aircraft": 2, "stock": [(OLD, Stock(name="s", quantity=3))], "new_tasks": {},
    }  # fmt: skip
    return Bill(**made | changes)


def told(bill: Bill) -> dict[str, tuple[str, str]]:
    return {one.what: (f"{one.amount:f}", one.unit) for one in cost(bill).costs}


@pytest.mark.parametrize(
    ("fate", "lost", "unknown"),
    [
        ("scrap", True, 0), ("return", True, 1), ("use_as_is", False, 0), ("rework", False, 1),
        (None, False, 1),
    ],
)  # fmt: skip
def test_stock_is_lost_only_where_the_order_says_so(
    fate: str | None, lost: bool, unknown: int
) -> None:
    order = Eco(name="e", disposition=StockDisposition(fate) if fate else None)
    costing = cost(bill(changes={utcs("eco"): order}))

    assert ("stock made useless" in {one.what for one in costing.costs}) == lost
    assert sum(one.startswith("stock") for one in costing.unknown) == unknown


def test_orders_that_disagree_on_parts_already_made_say_nothing() -> None:
    scrap, keep = (
        Eco(name="e", disposition=one)
        for one in (StockDisposition.SCRAP, StockDisposition.USE_AS_IS)
    )

    assert disposition([scrap, scrap]) is StockDisposition.SCRAP
    assert disposition([scrap, keep]) is None


def test_labour_is_that_of_the_bulletins_if_there_are_any() -> None:
    modification = Modification(name="m", estimated_h=9)
    bulletin = Bulletin(name="b", number="b", estimated_h="3.5")
    both = {utcs("modification"): modification, utcs("bulletin"): bulletin}

    assert told(bill(changes=both))["labour to embody"] == ("7.0", "h")
    assert told(bill(changes={utcs("modification"): modification}))["labour to embody"] == (
        "18",
        "h",
    )
    assert "labour to embody" not in told(bill(changes=both, aircraft=None))


def test_a_figure_names_its_basis_and_is_exact() -> None:
    costing = cost(bill(changes={utcs("ecr"): Ecr(name="e", estimated_cost_eur="0.1")}))

    assert {one.what: one.amount for one in costing.costs} == {
        "estimate": Decimal("0.1"), "new parts": Decimal(602),
    }  # fmt: skip
    assert costing.costs[-1].basis == (
        "unit_cost_eur of utcs:TEST:part:new, 150.5 EUR × 4 installed"
    )


def test_lots_without_a_quantity_are_told_beside_the_sum_of_the_others() -> None:
    stock = [(OLD, Stock(name="s", quantity=3)), (OLD, Stock(name="t"))]
    scrap = {utcs("eco"): Eco(name="e", disposition=StockDisposition.SCRAP)}

    costing = cost(bill(stock=stock, changes=scrap))

    assert told(bill(stock=stock, changes=scrap))["stock made useless"] == ("300", "EUR")
    assert "stock of utcs:TEST:part:old: 1 lots do not say their quantity" in costing.unknown
    assert any("more stock than could be listed" in one for one in cost(bill(stock=None)).unknown)
