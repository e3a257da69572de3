"""Lines of a bill with an effectivity, on a real graph: only those that apply to a unit belong in it."""

from __future__ import annotations

from typing import Any

import pytest

from graph.model.identifier import Utcs
from graph.model.reconciliation import Verdict
from graph.store.database import Graph
from graph.store.moment import CURRENT
from graph.store.reconcile import Reconciliation, reconcile
from tests.store.linking import as_of, id_of, link, tell, thing, unlink
from tests.store.saying import event

PARTS = ("part-ac", "part-leg", "part-old", "part-new", "part-radio", "part-odd")
AIRCRAFT = ("aircraft-1", "aircraft-2", "aircraft-3")


def aircraft(name: str, msn: str | None) -> dict[str, Any]:
    return thing(name, serial_number=name, msn=msn, delivered_on="2025-01-05")


async def fleet(graph: Graph) -> None:
    """Aircraft 1 has the new brake and the modification, 2 the old brake; of 3 no MSN is recorded.

    The brake changes with MOD-1, which is embodied in aircraft 1 from day 2; a radio is for MSN 1 to 5.
    """
    units = [f"serial-{what}{n}" for n in (1, 2, 3) for what in ("leg", "brake", "radio")]
    await tell(
        graph,
        event(
            *(thing(part, is_serialised=True) for part in PARTS),
            thing("modification-1", number="MOD-1"),
            thing("position-b", number="LEG.B"),
            *(thing(unit, serial_number=unit) for unit in units),
            *(aircraft(name, msn) for name, msn in zip(AIRCRAFT, ("1", "9", None), strict=True)),
            link("part-ac", "HAS_COMPONENT", "part-leg", "010"),
            link("part-ac", "HAS_COMPONENT", "part-radio", "020", effectivity="MSN 1-5"),
            link("part-leg", "HAS_COMPONENT", "part-old", "010", effectivity="pre MOD-1"),
            link("part-leg", "HAS_COMPONENT", "part-new", "011", effectivity="post MOD-1"),
            link("part-old", "FITS", "position-b"),
            link("part-new", "FITS", "position-b"),
            *(link(name, "INSTANCE_OF", "part-ac") for name in AIRCRAFT),
            *(link(f"serial-leg{n}", "INSTANCE_OF", "part-leg") for n in (1, 2, 3)),
            *(link(f"serial-radio{n}", "INSTANCE_OF", "part-radio") for n in (1, 2, 3)),
            link("serial-brake1", "INSTANCE_OF", "part-new"),
            link("serial-brake2", "INSTANCE_OF", "part-old"),
            link("serial-brake3", "INSTANCE_OF", "part-old"),
            on=0,
        ),
        event(
            *(link(f"aircraft-{n}", "CONTAINS", f"serial-leg{n}", "LEG") for n in (1, 2, 3)),
            *(link(f"serial-leg{n}", "CONTAINS", f"serial-brake{n}", "B") for n in (1, 2, 3)),
            *(link(f"aircraft-{n}", "CONTAINS", f"serial-radio{n}", "RAD") for n in (2, 3)),
            on=1,
        ),
        event(link("aircraft-1", "EMBODIES", "modification-1"), on=2),
    )


async def ask(graph: Graph, number: int, on: float | None = None) -> Reconciliation:
    at = CURRENT if on is None else as_of(on)
    return await reconcile(graph, id_of(f"aircraft-{number}"), differing=False, at=at)


def verdicts(answer: Reconciliation) -> dict[str, str]:
    return {
        row.position: row.maintained.verdict.value
        for row in answer.rows
        if row.maintained is not None
    }


async def test_an_aircraft_is_held_against_the_lines_that_apply_to_it(graph: Graph) -> None:
    await fleet(graph)

    one, two = await ask(graph, 1), await ask(graph, 2)

    assert verdicts(one) == {"020": "missing", "LEG": "as_designed", "LEG.B": "as_designed"}
    assert verdicts(two) == {"LEG": "as_designed", "LEG.B": "as_designed", "RAD": "extra"}
    assert (one.left_out, two.left_out) == (1, 2)
    assert two.notes == ("as planned: no production order with a start is recorded",)
    (radio,) = (row for row in two.rows if row.position == "RAD")
    assert radio.maintained is not None
    assert radio.maintained.why == (
        "part-radio is called for only where 'MSN 1-5' holds: not applicable because MSN 9 is not in 1-5"
    )


async def test_the_day_decides_which_lines_apply(graph: Graph) -> None:
    await fleet(graph)

    assert verdicts(await ask(graph, 1, on=1.5))["LEG.B"] == "allowed_alternate"
    assert verdicts(await ask(graph, 1, on=2.5))["LEG.B"] == "as_designed"


async def test_what_nobody_knows_is_undetermined_with_the_reason(graph: Graph) -> None:
    await fleet(graph)

    three = await ask(graph, 3)

    assert verdicts(three) == {"LEG": "as_designed", "LEG.B": "as_designed", "RAD": "undetermined"}
    assert (
        "whether a line of its bills applies to it is unknown: 'MSN 1-5': unknown because no MSN is recorded"
        in three.notes
    )
    assert not three.is_complete


async def test_a_loose_assembly_is_held_against_its_own_modifications(graph: Graph) -> None:
    await fleet(graph)
    leg = Utcs("TEST", "serial", "serial-leg1")
    assert (await reconcile(graph, leg)).maintained == {Verdict.AS_DESIGNED: 1}
    await tell(graph, event(unlink("aircraft-1", "CONTAINS", "serial-leg1", "LEG"), on=3))

    loose = await reconcile(graph, leg)
    await tell(graph, event(link("serial-leg1", "EMBODIES", "modification-1"), on=4))
    modified = await reconcile(graph, leg)

    assert loose.maintained == {Verdict.EXTRA: 1, Verdict.MISSING: 1}
    assert modified.maintained == {Verdict.AS_DESIGNED: 1}


@pytest.mark.parametrize(
    ("only", "note"),
    [
        ("MSN 1 adn 2", "'MSN 1 adn 2': unknown because its expression cannot be read: column 7: "),
        ("pre MOD-9", "lines of its bills name what is not recorded: MOD-9"),
    ],
)
async def test_what_cannot_be_evaluated_is_said_and_not_guessed(
    graph: Graph, only: str, note: str
) -> None:
    await fleet(graph)
    await tell(
        graph, event(link("part-ac", "HAS_COMPONENT", "part-odd", "030", effectivity=only), on=1)
    )

    answer = await ask(graph, 1)

    assert any(note in each for each in answer.notes)
    assert not answer.is_complete


async def test_lines_cost_no_statement_however_many_there_are(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fleet(graph)
    asked: list[str] = []
    read = Graph.read

    async def counted(self: Graph, text: str, *args: Any, **more: Any) -> Any:
        asked.append(text)
        return await read(self, text, *args, **more)

    monkeypatch.setattr(Graph, "read", counted)

    await ask(graph, 1)

    assert len(asked) == 7


async def test_as_planned_is_the_bill_of_the_ordered_part_for_that_aircraft(graph: Graph) -> None:
    await fleet(graph)
    await tell(
        graph,
        event(
            thing("order-1", started_at="2025-01-01T12:00:00Z"),
            thing("part-first", is_serialised=True),
            link("order-1", "ORDERS", "part-first"),
            link("part-first", "HAS_COMPONENT", "part-leg", "010"),
            link("part-first", "HAS_COMPONENT", "part-odd", "020", effectivity="MSN 1-5"),
            link("part-first", "HAS_COMPONENT", "part-odd", "030", effectivity="MSN 9"),
            link("aircraft-1", "PRODUCED_BY", "order-1"),
            on=0,
        ),
    )

    answer = await reconcile(graph, id_of("aircraft-1"))

    planned = {row.position: (row.planned, row.designed) for row in answer.rows}
    assert planned == {"020": ("part-odd", "part-radio")}
