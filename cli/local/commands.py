"""`utcs up`, `down`, `status` and `doctor`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from cli.local import machine
from cli.local.doctor import Finding, Verdict, examine
from cli.local.flow import Flow, look_at_flow, say_flow
from cli.local.jars import Progress as Arrived
from cli.local.jars import missing_bytes
from cli.local.parts import GRAPH, NAMES, managed, pinned_jars
from cli.local.settings import LocalSettings
from cli.local.state import State, graph_settings
from cli.output import err, json_out, rows, say, tell

NOT_ANSWERING = 3

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
_STYLES = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.FAILED: "red"}


def up(
    graph_only: Annotated[
        bool, typer.Option("--graph-only", help="Start the graph alone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Start the graph, the queue and the API, and return once all of them answer.

    They keep running after this terminal is closed, until `utcs down`. A second `up` starts
    nothing new.

    Example: utcs up --json
    """
    started = time.monotonic()
    settings = LocalSettings.read()
    state = start_with_progress(settings, (GRAPH,) if graph_only else NAMES)
    if as_json:
        json_out({"url": state.url, "parts": [asdict(part) for part in machine.look(settings)]})
        return
    tell(f"ready in {time.monotonic() - started:.1f} s")
    say(state.url or graph_settings(settings.places(), settings).uri)


def down(as_json: AsJson = False) -> None:
    """Stop all parts cleanly; harmless if nothing runs.

    Example: utcs down
    """
    started = time.monotonic()
    was_running = machine.stop(LocalSettings.read().places())
    if as_json:
        json_out({"was_running": was_running})
    elif was_running:
        tell(f"stopped in {time.monotonic() - started:.1f} s")
    else:
        tell("nothing was running")


def status(as_json: AsJson = False) -> None:
    """Say whether each part answers at this moment, and how current the thread is.

    Also says how many dead letters nobody has settled. Exit status 3 if a part does not answer.

    Example: utcs status --json
    """
    settings = LocalSettings.read()
    parts = machine.look(settings)
    flow = look_at_flow(settings) if any(p.name == GRAPH and p.is_ready for p in parts) else Flow()
    if as_json:
        json_out({"parts": [asdict(part) for part in parts], **asdict(flow)})
    else:
        rows(
            ("part", "address", "process", "restarts", "state"),
            [(p.name, p.url or "-", p.pid or "-", p.restarts, p.detail) for p in parts],
            number=3,
        )
        say_flow(flow)
    if not all(part.is_ready for part in parts):
        raise typer.Exit(NOT_ANSWERING)


def doctor(as_json: AsJson = False) -> None:
    """Check what the parts need on this machine, and say what to do; exit status 1 if something fails.

    Example: utcs doctor
    """
    findings = []
    for finding in examine(LocalSettings.read()):
        findings.append(finding)
        if not as_json:
            _say_finding(finding)
    if as_json:
        json_out({"findings": [asdict(finding) for finding in findings]})
    if any(finding.verdict is Verdict.FAILED for finding in findings):
        raise typer.Exit(1)


def start_with_progress(settings: LocalSettings, names: tuple[str, ...] = NAMES) -> State:
    """What `machine.start` gives, with the steps and the download shown on stderr."""
    with _download_bar(settings, names) as arrived:
        return machine.start(settings, names, tell, arrived)


@contextmanager
def _download_bar(settings: LocalSettings, names: tuple[str, ...]) -> Iterator[Arrived]:
    total = missing_bytes(pinned_jars(managed(settings, names)), settings.places().jars)
    if not total:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TransferSpeedColumn(), console=err, transient=True) as bar:
        task = bar.add_task("fetching Neo4j and Kafka", total=total)
        yield lambda count: bar.advance(task, count)


def _say_finding(finding: Finding) -> None:
    say(f"{finding.verdict:<8} {finding.name}: {finding.detail}", _STYLES[finding.verdict])
    if finding.fix and finding.verdict is not Verdict.OK:
        say(f"{'':<8} → {finding.fix}")
