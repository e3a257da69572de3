"""All figures, one after the other, each on a Neo4j of its own: `make bench`.

    python -m benchmarks [apply | ingest | telemetry | impact | matrix | suspects | configuration …]
    python -m benchmarks faults [--queue rabbitmq] [--events 50000] …

`faults` gives no figure but a proof, on servers of its own that it kills, and runs only when it is named.

Quote ratios: both sides of each run in turn on the same machine, whose own speed goes up and down.
"""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks import faults
from benchmarks.server import neo4j

FLEET = "4"
"""The scale of the sample fleet that impact and suspects are asked of: about 80,000 things."""

MATRIX = "10000"
"""How many requirements a trace matrix is made of."""

STEPS = {
    "apply": [["apply"]],
    "ingest": [["ingest"]],
    "telemetry": [["telemetry"]],
    "impact": [["fill", FLEET], ["impact"]],
    "matrix": [["matrix", MATRIX]],
    "suspects": [["fill", FLEET], ["suspects"]],
    "graphql": [["graphql"]],
    "effectivity": [["effectivity"]],
    "configuration": [["configuration"]],
    "baseline": [["baseline"]],
    "life": [["life"]],
    "work": [["work"]],
    "due": [["due"]],
    "windows": [["windows"]],
}


def main(chosen: list[str]) -> None:
    for name in chosen or STEPS:
        print(f"\n## {name}", flush=True)
        with neo4j() as (uri, user, password):
            place = {
                "UTCS_NEO4J_URI": uri,
                "UTCS_NEO4J_USER": user,
                "UTCS_NEO4J_PASSWORD": password,
            }
            for module, *arguments in STEPS[name]:
                command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
                subprocess.run(command, env=os.environ | place, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["faults"]:
        sys.exit(faults.main(sys.argv[2:]))
    main(sys.argv[1:])
