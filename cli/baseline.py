"""`utcs baseline`: configurations frozen under a name, compared, verified and handed to strangers."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from api.plain import plain
from cli import verify_baseline as stand_alone
from cli.connect import ask, owner
from cli.output import clean, json_out, moment, rows, say, tell
from cli.questions import AsJson, AsOf, First, KnownAt, coordinates
from cli.words import Verb
from graph.errors import TraceError
from graph.flows.baseline import Created, Request, create_baseline
from graph.model.governance import BaselineCategory, BaselineRule
from graph.model.identifier import Utcs
from graph.model.outcome import Status
from graph.model.time import format_utc
from graph.store.baselines import Frozen, get_baseline, list_baselines
from graph.store.compare_baselines import Comparison, compare_baselines
from graph.store.database import Graph
from graph.store.export_baseline import export_baseline
from graph.store.resolve import resolve
from graph.store.verify_baseline import Verification, verify_baseline

app = typer.Typer(
    no_args_is_help=True,
    help="Configurations frozen under a name: create, list, show, compare, verify and export them.",
    epilog="Example: utcs baseline list",
)

SCRIPT = "verify_baseline.py"
"""What is put beside an export, for whoever gets it."""

Id = Annotated[str, typer.Argument(help="The id of a baseline, as `utcs baseline list` tells it.")]
After = Annotated[str | None, typer.Option(help="The `next` of the page before.")]


@app.command(cls=Verb)
def create(
    id: Annotated[
        str,
        typer.Argument(help="Its id: utcs:<authority>:baseline:<name>. It is its name for good."),
    ],
    root: Annotated[str | None, typer.Option(help="Where its scope begins: any id.")] = None,
    rule: Annotated[BaselineRule, typer.Option(help="What belongs to it.")] = (
        BaselineRule.CONFIGURATION
    ),
    things: Annotated[
        list[str] | None,
        typer.Option("--thing", help="A member, with `--rule listed`; repeatable."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    category: Annotated[BaselineCategory | None, typer.Option(help="What it fixes.")] = None,
    description: Annotated[str | None, typer.Option(help="What it is, in prose.")] = None,
    signed_by: Annotated[
        list[str] | None, typer.Option(help="Who signs, as role=person; repeatable.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Freeze a configuration, once and for all; asked again, the same is told.

    Example: utcs baseline create utcs:AMPEL360:baseline:CHECK-C1 --root DPP-H2-001 --as-of 2025-06-30
    """
    at = coordinates(as_of, known_at)

    async def created(graph: Graph) -> Created:
        request = Request(
            Utcs.parse(id),
            rule,
            root=None if root is None else await resolve(graph, root, at=at),
            things=tuple([await resolve(graph, one, at=at) for one in things or ()]),
            name=name,
            category=category,
            description=description,
            signed_by={
                role: await resolve(graph, person) for role, person in map(_signed, signed_by or ())
            },
            at=at,
        )
        return await create_baseline(graph, owner(), request)

    made = ask(created)
    refused = made.outcome is not None and made.outcome.status is not Status.APPLIED
    if as_json:
        json_out(made)
    elif made.baseline is not None and not refused:
        _say(made.baseline)
        tell(
            "Frozen." if made.outcome else "It was frozen before; nothing was done.", style="green"
        )
    if refused:
        assert made.outcome is not None  # noqa: S101 - refused is an outcome
        tell(f"Not frozen: {made.outcome.reason}", style="red")
        raise typer.Exit(1)


def _signed(text: str) -> tuple[str, str]:
    role, found, person = text.partition("=")
    if not (role and found and person):
        raise TraceError(f"--signed-by: {text!a:.60} is not role=person, as in approved=P-17")
    return role, person


@app.command("list", cls=Verb)
def list_(
    root: Annotated[str | None, typer.Option(help="Only those whose scope begins there.")] = None,
    first: First = 50,
    after: After = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """List baselines, in the order of their ids.

    Example: utcs baseline list --root DPP-H2-001
    """
    at = coordinates(as_of, known_at)

    async def listed(graph: Graph) -> tuple[tuple[Frozen, ...], str | None]:
        begins = None if root is None else await resolve(graph, root, at=at)
        page = await list_baselines(graph, root=begins, first=first, after=after, at=at)
        return page.baselines, page.next

    baselines, following = ask(listed)
    if as_json:
        json_out({"baselines": baselines, "next": following})
        return
    rows(
        ("category", "name", "as of", "members", "id"),
        [
            (
                one.said.category or "",
                one.said.name,
                moment(one.said.as_of) if one.said.as_of else "",
                f"{one.said.members:,}" if one.is_sealed else "not frozen",
                one.utcs,
            )
            for one in baselines
        ],
        number=3,
    )
    if following:
        tell(f"There are more: --after {following}")


@app.command(cls=Verb)
def show(id: Id, as_of: AsOf = None, known_at: KnownAt = None, as_json: AsJson = False) -> None:
    """Show what a baseline freezes, its Merkle root, and who signed for it.

    Example: utcs baseline show utcs:AMPEL360:baseline:ASBUILT-10001
    """
    at = coordinates(as_of, known_at)

    async def shown(graph: Graph) -> Frozen:
        return await get_baseline(graph, await resolve(graph, id, at=at), at=at)

    frozen = ask(shown)
    json_out(frozen) if as_json else _say(frozen)


def _say(frozen: Frozen) -> None:
    said = frozen.said
    say(said.name, style="bold")
    say(frozen.utcs.checked, style="cyan")
    told = {
        "category": said.category,
        "scope": said.scope,
        "as of": said.as_of and format_utc(said.as_of),
        "known at": said.known_at and format_utc(said.known_at),
        "members": None if said.members is None else f"{said.members:,}",
        "merkle root": said.merkle_root,
        "hash": frozen.node.hash,
    }
    signed = [
        (f"signed, {one.role}", f"{one.person} {moment(one.signed_at) if one.signed_at else ''}")
        for one in frozen.signatures
    ]
    rows(("property", "value"), [*((n, v) for n, v in told.items() if v is not None), *signed])


@app.command(cls=Verb)
def compare(
    id: Id,
    other: Annotated[
        str | None, typer.Argument(help="Another baseline; what is recorded, unless given.")
    ] = None,
    fields: Annotated[
        bool, typer.Option("--fields", help="Say in which properties and links members changed.")
    ] = False,
    first: First = 50,
    after: After = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Say in what a baseline differs from another, or from what is recorded; exit status 1 if it does.

    Example: utcs baseline compare utcs:AMPEL360:baseline:ASBUILT-10002 --fields
    """
    at = coordinates(as_of, known_at)

    async def compared(graph: Graph) -> Comparison:
        found = await resolve(graph, id)
        against = None if other is None else await resolve(graph, other)
        return await compare_baselines(
            graph, found, against, fields=fields, first=first, page_after=after, at=at
        )

    answer = ask(compared)
    json_out(answer) if as_json else _say_comparison(answer)
    if answer.added or answer.removed or answer.changed:
        raise typer.Exit(1)


def _say_comparison(answer: Comparison) -> None:
    for one in answer.changes:
        say(f"{one.sort.value:8} {one.name}  {one.utcs}")
        for field in one.fields:
            say(f"         {field.field}: {_difference(field.before, field.after)}")
    against = answer.after or f"as of {moment(answer.at.as_of)}"
    tell(
        f"{answer.before} and {against}: {answer.added:,} added, {answer.removed:,} removed, "
        f"{answer.changed:,} changed"
    )
    if answer.next:
        tell(f"There are more: --after {answer.next}")


def _difference(before: object, after: object) -> str:
    """Returns what changed of a property or link; of a link to the same thing, what it carries."""
    if isinstance(before, dict) and isinstance(after, dict):
        if before.get("target") != after.get("target"):
            return f"{before.get('target')} → {after.get('target')}"
        names = sorted(n for n in before.keys() | after.keys() if before.get(n) != after.get(n))
        carried = (f"{n} {_value(before.get(n))} → {_value(after.get(n))}" for n in names)
        return f"{before.get('target')}, {', '.join(carried)}"
    return f"{_value(before)} → {_value(after)}"


def _value(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("target", plain(value)))
    return "nothing" if value is None else clean(plain(value))


@app.command(cls=Verb)
def verify(id: Id, as_json: AsJson = False) -> None:
    """Compute a baseline again from what is recorded; exit status 1 if it is not what was frozen.

    Example: utcs baseline verify utcs:AMPEL360:baseline:ASBUILT-10001
    """

    async def verified(graph: Graph) -> Verification:
        return await verify_baseline(graph, await resolve(graph, id))

    answer = ask(verified)
    if as_json:
        json_out(plain(answer) | {"is_verified": answer.is_verified})
    else:
        for problem in answer.problems:
            say(problem, style="red")
        for fault in answer.faults:
            say(f"{fault.utcs} {fault.problem}", style="red")
        if answer.is_verified:
            say(f"verified: {answer.members:,} members give {answer.recomputed}", style="green")
        else:
            tell(
                f"NOT VERIFIED: stated {answer.merkle_root}, computed {answer.recomputed}",
                style="red",
            )
    if not answer.is_verified:
        raise typer.Exit(1)


@app.command(cls=Verb)
def export(
    id: Id,
    file: Annotated[Path, typer.Argument(help="What to write: JSON, a line for each member.")],
    as_json: AsJson = False,
) -> None:
    """Write a baseline with all it freezes, and beside it the script by which anybody can verify it.

    Example: utcs baseline export utcs:AMPEL360:baseline:ASBUILT-10001 asbuilt-10001.jsonl
    """
    script = file.with_name(SCRIPT)
    if file.name == SCRIPT:
        raise TraceError(f"file: {SCRIPT} is the name of the script beside it; take another")
    lines = ask(lambda graph: _write(graph, id, file))
    script.write_bytes(Path(stand_alone.__file__).read_bytes())
    if as_json:
        json_out({"file": str(file), "script": str(script), "members": lines - 1})
        return
    tell(f"{file}: {lines - 1:,} members; anybody can verify it: python3 {script} {file} HASH")


async def _write(graph: Graph, id: str, file: Path) -> int:
    """Writes an export whole or not at all, and returns how many lines it has."""
    fresh = file.with_name(f".{file.name[:200]}.{os.getpid()}.new")
    lines = 0
    try:
        with fresh.open("wb") as beside:
            async for part in export_baseline(graph, await resolve(graph, id)):
                beside.write(part)
                lines += part.count(b"\n")
        fresh.replace(file)
    finally:
        with suppress(OSError):
            fresh.unlink()
    return lines
