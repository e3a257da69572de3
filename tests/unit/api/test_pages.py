"""What pages say of a thing."""

from decimal import Decimal

import pytest

from api.facts import facts, unit_of
from api.moment import moment
from api.pages.render import _code, page
from graph.model import ontology
from graph.model.engineering import TestResult
from graph.model.product import Part
from graph.model.time import parse_utc


def test_quantity_is_shown_with_its_unit_once() -> None:
    part = Part(name="Tank", number="T-1", mass_kg=Decimal("12.5"), is_serialised=True)

    shown = {fact.name: (fact.value, fact.unit) for fact in facts(part, moment)}

    assert shown["mass"] == ("12.5", "kg")
    assert shown["is serialised"] == ("yes", "")
    assert "name" not in shown


def test_times_among_properties_read_as_all_others() -> None:
    """They stood there as Python writes them, `2025-10-27 06:00:00+00:00`."""
    run = TestResult(name="Run 1", performed_at=parse_utc("2025-10-27T06:00:00Z"))

    shown = {fact.name: fact.value for fact in facts(run, moment)}

    assert shown["performed at"] == "2025-10-27 06:00 UTC"


@pytest.mark.parametrize("kind", ontology.kinds())
def test_units_are_found_in_every_kind_that_has_quantities(kind: str) -> None:
    for name, field in ontology.get_kind(kind).model_fields.items():
        if name.endswith(("_kg", "_fh", "_fc", "_mm")) and "Decimal" in str(field.annotation):
            assert unit_of(field), name


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        ("2026-01-15T00:00:00Z", "2026-01-15"),
        ("2026-01-15T09:30:00Z", "2026-01-15 09:30 UTC"),
        ("2026-01-15T09:30:01Z", "2026-01-15 09:30:01 UTC"),
        ("2026-01-15T00:00:00.5Z", "2026-01-15 00:00:00.5 UTC"),
    ],
)
def test_moments_are_as_short_as_they_are_exact(when: str, shown: str) -> None:
    assert moment(parse_utc(when)) == shown


def test_text_of_the_graph_is_never_markup() -> None:
    html = bytes(
        page("problem", 404, title="x", detail="<script>alert(1)</script>", status=4, code="X").body
    )

    assert b"<script>" not in html
    assert b"&lt;script&gt;" in html


def test_code_in_a_text_is_marked_and_nothing_else_of_it_is() -> None:
    assert _code("a `b<i>` <c> `d") == "a <code>b&lt;i&gt;</code> &lt;c&gt; `d"
