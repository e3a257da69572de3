"""A small world to move units in: an aircraft with a leg and pumps, what may be in it, and what may not."""

from __future__ import annotations

from typing import Any

from graph.flows.installation import Installing, Removing
from graph.flows.submit import Principal
from graph.model.time import parse_utc
from graph.store.database import Graph
from tests.store.linking import id_of, link, tell, thing
from tests.store.saying import day, event

EDITOR = Principal.of("emma", "editor")
AIRCRAFT, LEG, ORDER = (id_of(n) for n in ("aircraft-1", "serial-leg", "workorder-1"))
B1, B2 = id_of("serial-b1"), id_of("serial-b2")


def unit(name: str, part: str | None, *more: dict[str, Any], **said: Any) -> list[dict[str, Any]]:
    """A repaired unit in a store, with the certificate of that."""
    stands = {"condition": "repaired", "status": "in_stock", "serial_number": name} | said
    made = [link(name, "INSTANCE_OF", part)] if part else []
    return [thing(name, **stands), *made, link(name, "CERTIFIED_BY", "release-1"), *more]


def part(name: str, **said: Any) -> dict[str, Any]:
    return thing(name, **{"is_serialised": True} | said)


def order(name: str, on: str = "aircraft-1", **said: Any) -> list[dict[str, Any]]:
    return [thing(name, number=name, **{"status": "in_work"} | said), link(name, "WORKS_ON", on)]


def product() -> list[dict[str, Any]]:
    """A leg with two brakes in positions of their own, and two pumps for which there are none."""
    parts = ("part-ac", "part-leg", "part-brake", "part-alt", "part-odd", "part-pump", "part-pump2")
    return [
        *map(part, parts),
        part("part-inst", is_serialised=False),
        *(thing(f"position-{n}", number=n) for n in ("LEG", "LEG.B1", "LEG.B2")),
        link("part-ac", "HAS_COMPONENT", "part-inst", "32"),
        link("part-inst", "HAS_COMPONENT", "part-leg", "010"),
        link("part-inst", "HAS_COMPONENT", "part-pump", "020", quantity="2"),
        link("part-leg", "HAS_COMPONENT", "part-brake", "010", quantity="2"),
        link("part-leg", "FITS", "position-LEG"),
        *(link("part-brake", "FITS", f"position-LEG.{slot}") for slot in ("B1", "B2")),
        link("part-alt", "FITS", "position-LEG.B2"),
        link("part-alt", "ALTERNATE_OF", "part-brake", approval="STC 7"),
        link("part-pump2", "SUPERSEDES", "part-pump"),
    ]


async def build(graph: Graph) -> None:
    """From day 1 on the leg is in the aircraft, and one brake in the leg; the other lies in stock."""
    await tell(
        graph,
        event(
            *product(),
            thing("release-1", form="easa_form_1", status="valid"),
            thing("facility-1", category="warehouse"),
            thing("aircraft-1", serial_number="1", msn="1", status="in_service"),
            link("aircraft-1", "INSTANCE_OF", "part-ac"),
            *unit("serial-leg", "part-leg", status="in_service", condition="serviceable"),
            *unit("serial-b1", "part-brake", status="in_service", condition="serviceable"),
            *unit("serial-b2", "part-brake", link("serial-b2", "LOCATED_IN", "facility-1")),
            thing("stock-1", quantity="1", status="available"),
            link("stock-1", "CONSISTS_OF", "serial-b2"),
            *order("workorder-1"),
        ),
        event(
            link("aircraft-1", "CONTAINS", "serial-leg", "LEG"),
            link("serial-leg", "CONTAINS", "serial-b1", "B1"),
            on=1,
        ),
    )


def putting(**said: Any) -> Installing:
    """The second brake is put into the leg on day 10."""
    usual: dict[str, Any] = {
        "unit": B2,
        "into": LEG,
        "slot": "B2",
        "at": parse_utc(day(10)),
        "work_order": ORDER,
    }
    return Installing(**usual | said)


def taking(**said: Any) -> Removing:
    """The first brake is taken out of the leg on day 10."""
    usual: dict[str, Any] = {
        "unit": B1,
        "out_of": LEG,
        "slot": "B1",
        "at": parse_utc(day(10)),
        "work_order": ORDER,
    }
    return Removing(**usual | said)
