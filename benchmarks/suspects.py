"""Links in doubt in a whole graph, against the Cypher that a person would write for it.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.suspects

Asks a loaded graph: `python -m benchmarks.fill 50` makes one of a million things.
"""

from __future__ import annotations

import asyncio
import os

from benchmarks.impact import measure
from graph.model.suspicion import BY_TARGET
from graph.model.time import FAR
from graph.store.database import Graph
from graph.store.suspects import suspects
from graph.store.suspicion import MATTERING

BY_HAND = f"""
MATCH (source)-[link:{"|".join(BY_TARGET)}]->(thing)
WHERE link.valid_from <= $world AND link.valid_to > $world AND thing.valid_from > link.valid_from
MATCH (thing)-[:VERSION]->(was)
WHERE was.superseded_at = $far AND was.valid_from <= link.valid_from AND was.valid_to > link.valid_from
WITH source, link, thing, [name IN $matters[thing.kind] WHERE
  (was[name] IS NULL) <> (thing[name] IS NULL) OR was[name] <> thing[name]] AS names
WHERE names <> []
WITH type(link) AS type, source.utcs AS source, thing.utcs AS target, names
ORDER BY type, source, target
WITH collect([type, source, target, names]) AS found
RETURN size(found), found[0..100]
"""
"""Without changes of sources, statements that were merely sent again, and who changed what."""


async def main() -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    async with await Graph.open(uri, "neo4j", password, timeout_s=300) as graph:
        ((things,),) = await graph.read("MATCH (a:Anchor) RETURN count(a)")
        found = await suspects(graph)
        here = {"world": graph.clock(), "far": FAR, "matters": MATTERING}
        taken = await measure(
            {
                "in doubt": lambda: suspects(graph),
                "in doubt, by hand": lambda: graph.read(BY_HAND, here),
            }
        )
    print(f"{things:,} things, {found.total:,} links in doubt")
    for name, milliseconds in taken.items():
        print(f"{name:26} {milliseconds:9.1f} ms")
    print(f"in doubt / by hand  {taken['in doubt'] / taken['in doubt, by hand']:.2f}")


if __name__ == "__main__":
    asyncio.run(main())
