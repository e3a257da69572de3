"""What became of an event is told to those who send it."""

from __future__ import annotations

from pathlib import Path

from graph.model.outcome import Reason

INTEGRATOR = Path(__file__).parents[4] / "docs" / "integrator.md"


def test_integrators_are_told_of_every_code() -> None:
    page = INTEGRATOR.read_text(encoding="utf-8")
    table = page.partition("\n### Codes\n")[2].partition("\n### ")[0]

    told = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]

    assert sorted(told) == sorted(["code", *Reason])
