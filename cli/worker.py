"""`python -m cli.worker`: a worker process that can make reports, told everything by its environment."""

from __future__ import annotations

import asyncio
import sys
from typing import Final

from graph.model.time import Coordinates
from graph.store.database import Graph

ASKED_BY: Final = "utcs-reporting"
"""In whose name reports are made that nobody asked for by hand."""


class Reports:
    """The reports of the catalogue, for a worker that sends them."""

    def check(self, report: str, form: str) -> None:
        """Raises TraceError unless there is such a report, and it takes that form."""
        # The catalogue is heavy to import, and few workers send reports.
        from api.report.catalogue import get_report
        from api.report.forms import get_form

        get_report(report)
        get_form(form, report)

    async def write(
        self, graph: Graph, report: str, about: str | None, form: str, at: Coordinates
    ) -> bytes:
        """Returns a report in a form; at the same times always the same bytes."""
        from api.report.catalogue import get_report
        from api.report.forms import get_form
        from api.report.make import make

        sealed = await make(graph, get_report(report), about, asked_by=ASKED_BY, at=at)
        return await asyncio.to_thread(get_form(form, report).render, sealed)


def main() -> int:
    """Runs the process; returns its exit status, as `ingest.work` does."""
    from ingest.work import main as work

    return work(Reports())


if __name__ == "__main__":
    sys.exit(main())
