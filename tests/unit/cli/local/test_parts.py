"""Which parts are ours to run, and on which jars."""

import pytest
from pydantic import SecretStr

from cli.local.parts import managed, pinned_jars
from cli.local.settings import LocalSettings


@pytest.mark.parametrize(
    ("graph", "queue", "ours"),
    [
        (None, None, ("graph", "queue", "api", "work")),
        ("bolt://elsewhere", None, ("queue", "api", "work")),
        (None, "kafka://elsewhere:9092", ("graph", "api", "work")),
        (None, "amqp://elsewhere", ("graph", "api", "work")),
        ("bolt://elsewhere", "kafka://elsewhere:9092", ("api", "work")),
    ],
)
def test_what_is_named_elsewhere_is_not_ours_to_run(
    graph: str | None, queue: str | None, ours: tuple[str, ...]
) -> None:
    named = LocalSettings(neo4j_uri=graph, queue_uri=SecretStr(queue) if queue else None)

    assert managed(named) == ours


def test_only_what_is_run_is_fetched() -> None:
    graph, queue = pinned_jars(("graph",)), pinned_jars(("queue",))

    assert pinned_jars() == [*graph, *queue]
    assert pinned_jars(("api",)) == []
    assert not any("kafka" in jar.coordinates for jar in graph)
