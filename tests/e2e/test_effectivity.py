"""To what a change applies, as it is asked and defined over GraphQL, and asked in a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from graph.flows.submit import Principal, submit
from graph.model.outcome import Status
from graph.store.database import Graph
from tests.e2e.conftest import Utcs
from tests.e2e.test_cli import event, put
from tests.e2e.test_graphql import data, error

pytestmark = pytest.mark.timeout(300)

FIRST, SECOND = "utcs:TEST:aircraft:A-1", "utcs:TEST:aircraft:A-2"
SB, RULE = "utcs:TEST:bulletin:SB-1", "utcs:TEST:effectivity:EFF-1"
FACTS = (
    put(FIRST, name="Ship 1", msn="1"),
    put(SECOND, name="Ship 2", msn="2"),
    put(SB, name="Bulletin", number="SB-1"),
    put(RULE, name="Rule", expression="MSN 1"),
    {"fact": "put_link", "source": SB, "link": "LIMITED_BY", "target": RULE},
)


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """Two aircraft, and a bulletin for the first."""
    (outcome,) = await submit(graph, [event("1", *FACTS)], Principal.of("anna", "admin"))
    assert outcome.status is Status.APPLIED, outcome
    return graph


async def test_a_change_and_an_expression_are_asked_about(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    fields = """{ change basis applying excluded undecided unknown next
      rules { utcs expression problem } judged { utcs applies why thing { name } } }"""

    told = (await data(client, f'{{ effectivity(id: "{SB}") {fields} }}'))["effectivity"]
    trial = f'{{ effectivityOf(expression: "MSN 2-", first: 1) {fields} }}'
    tried = (await data(client, trial))["effectivityOf"]

    assert (told["change"], told["basis"], told["applying"], told["excluded"]) == (SB, "rule", 1, 1)
    assert told["rules"] == [{"utcs": RULE, "expression": "MSN 1", "problem": None}]
    assert told["judged"][0] == {
        "utcs": FIRST, "applies": True, "why": "applies because MSN 1 is in 1", "thing": {"name": "Ship 1"},
    }  # fmt: skip
    assert [one["utcs"] for one in tried["judged"]] == [SECOND]
    assert (tried["change"], tried["basis"], bool(tried["next"])) == (None, "expression", True)


async def test_what_cannot_be_read_is_an_error_with_its_column(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    told = await error(client, '{ effectivityOf(expression: "MSN 5-3") { applying } }')

    assert "column 5: 5-3 ends before it begins; write 3-5" in str(told)


async def test_a_rule_is_planned_refused_accepted_and_holds(
    client: httpx.AsyncClient, fleet: Graph
) -> None:
    query = f"""mutation ($rule: String!, $dry: Boolean!, $accept: Boolean!) {{
      defineEffectivity(change: "{SB}", expression: $rule, dryRun: $dry, accept: $accept) {{
        rule was expression joining leaving conflicts outcome {{ status }} }} }}"""

    async def define(rule: str, dry: bool, accept: bool = False) -> Any:
        asked = {"rule": rule, "dry": dry, "accept": accept}
        return (await data(client, query, asked))["defineEffectivity"]

    plan, refused = await define("msn 2", True), await define("all", False)
    done = await define("all", False, accept=True)

    assert (plan["expression"], plan["joining"], plan["leaving"]) == ("MSN 2", [SECOND], [FIRST])
    assert (plan["conflicts"], plan["outcome"]) == ([], None)
    assert "it selects everything, 2 of 2" in refused["conflicts"][0]
    assert (done["was"], done["outcome"]) == ("MSN 1", {"status": "applied"})
    told = await data(client, f'{{ effectivity(id: "{SB}") {{ applying }} }}')
    assert told["effectivity"]["applying"] == 2


def test_the_terminal_says_to_what_with_the_reason_and_a_status(utcs: Utcs, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(orjson.dumps(event("1", *FACTS)))
    assert utcs("load", str(file)).code == 0

    told, as_json = utcs("effectivity", SB), utcs("effectivity", SB, "--json")
    nothing, wrong, both = (
        utcs("effectivity", *words)
        for words in (
            ("--expression", "MSN 9-"), ("--expression", "MSN"), (SB, "--expression", "all"),
        )
    )  # fmt: skip

    assert told.out.splitlines() == [
        f"yes\t{FIRST}\tapplies because MSN 1 is in 1",
        f"no\t{SECOND}\tnot applicable because MSN 2 is not in 1",
    ]
    assert "Applies to 1, not to 1, on " in told.err
    assert orjson.loads(as_json.out)["rules"][0]["expression"] == "MSN 1"
    assert (told.code, nothing.code, wrong.code, both.code) == (0, 1, 2, 2)
    assert "column 4: expected a serial number" in wrong.err
