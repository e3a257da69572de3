"""`utcs report`: what the graph answers, as a document that states its place in time and its hash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.status import Status

from api.report.asked import Options, Progress, silent
from api.report.catalogue import REPORTS, get_report
from api.report.document import ReportError, Sealed, Table, Type
from api.report.forms import FORMS, Form, get_form
from api.report.json import read
from api.report.make import make
from api.report.words import head, legible, words
from api.rest.receipts import told_of
from cli.connect import ask, owner
from cli.export import write_whole
from cli.output import clean, err, json_out, out, rows, say, tell, write_out
from cli.questions import AsJson, AsOf, Kinds, KnownAt, Links, coordinates
from graph.model.time import Coordinates
from graph.store.question import MAX_FIRST
from graph.store.sendings import sendings

MAX_FILE: Final = 512 * 1024 * 1024
"""A file that is larger is no report."""


def report(
    kind: Annotated[
        str | None, typer.Argument(help="Which report; without it, those there are are listed.")
    ] = None,
    id: Annotated[str | None, typer.Argument(help="What it is about, by any of its ids.")] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help=f"{', '.join(FORMS)}; as --output ends, unless given."),
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            help="A file; repeatable, for several forms of one report. Else the terminal.",
        ),
    ] = None,
    depth: Annotated[int | None, typer.Option(help="How many links to follow at most.")] = None,
    links: Links = None,
    kinds: Kinds = None,
    prefix: Annotated[
        str | None, typer.Option(help="Only things whose ids begin so: utcs:AMPEL360:.")
    ] = None,
    of: Annotated[
        str | None, typer.Option(help="Rows of a matrix: requirement, design, test, maintenance.")
    ] = None,
    columns: Annotated[
        list[str] | None, typer.Option(help="A column of a matrix; repeatable.")
    ] = None,
    against: Annotated[
        str | None, typer.Option(help="What a baseline is held against: another one.")
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            help="Hold a report in JSON against its own hash, without the graph; with --output, write "
            "it in another form again."
        ),
    ] = None,
    sent: Annotated[
        bool,
        typer.Option("--sent", help="List what was sent on a schedule, and what was acknowledged."),
    ] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Make a report: for reading, for a spreadsheet, for a program, for the record.

    Each states of what time it speaks, what was known then, and its hash. Made again at the times that it
    states, it is the same, byte for byte.

    Example: utcs report configuration DPP-H2-001 --as-of 2025-06-30 -o MSN-10001.pdf -o MSN-10001.json
    """
    if sent:
        _say_sent(coordinates(as_of, known_at), as_json=as_json)
        return
    outputs: list[Path | None] = [*output] if output else [None]
    chosen = [(_chosen(kind, form, file, as_json), file) for file in outputs]
    if check is not None:
        sealed = _checked(check)
    elif kind is None:
        rows(("report", "what it says"), [(one.name, one.doc) for one in REPORTS.values()])
        return
    else:
        options = Options(
            depth=depth,
            links=tuple(links or ()),
            kinds=tuple(kinds or ()),
            prefix=prefix,
            of=of,
            columns=tuple(columns or ()),
            against=against,
        )
        sealed = _made(kind, id, options, coordinates(as_of, known_at))
    for taken, file in chosen:
        _say(sealed) if taken is None else _write(sealed, taken, file)
    for note in sealed.report.notes:
        tell(f"Not complete: {note}", style="yellow")


def _say_sent(at: Coordinates, *, as_json: bool) -> None:
    """Prints which reports were sent to whom, and which the recipient acknowledged."""
    found = ask(lambda graph: sendings(graph, first=MAX_FIRST, at=at))
    if as_json:
        json_out([told_of(one).model_dump() for one in found.sendings])
    else:
        rows(
            ("due", "report", "recipient", "sent", "receipt"),
            [
                (
                    words(one.job.due_at), one.job.report or "", one.job.recipient or "",
                    words(one.job.ended_at), one.job.receipt or "outstanding",
                )
                for one in found.sendings
            ],
        )  # fmt: skip
    if found.next is not None:
        tell(f"The first {MAX_FIRST:,} of {found.total:,} are listed.", style="yellow")


def _chosen(
    report: str | None, name: str | None, output: Path | None, as_json: bool
) -> Form | None:
    """Returns the form that is asked for; None is the terminal."""
    if name is None and as_json:
        name = "json"
    if name is None and output is not None:
        name = output.suffix.removeprefix(".").lower()
        if name not in FORMS:
            raise ReportError(
                f"output: {output} does not say what to write; let its name end in one of "
                f"{', '.join(f'.{form}' for form in FORMS)}, or give --format"
            )
    form = None if name is None else get_form(name, report)
    if form is not None and output is None and not form.is_text and out.is_terminal:
        raise ReportError(f"format: {form.name} is not for a terminal; give --output FILE")
    return form


def _made(kind: str, id: str | None, options: Options, at: Coordinates) -> Sealed:
    wanted = get_report(kind)
    with _progress() as progress:
        return ask(
            lambda graph: make(
                graph, wanted, id, asked_by=owner().actor, at=at, options=options, progress=progress
            )
        )


def _checked(file: Path) -> Sealed:
    """Returns the report in a JSON file, if it says what it said when it was made."""
    if file.stat().st_size > MAX_FILE:
        raise ReportError(f"check: {file} is larger than {MAX_FILE:,} bytes; it is no report")
    sealed = read(file.read_bytes())
    tell(f"{file}: says what it said when it was made; SHA-256 {sealed.sha256}", style="green")
    return sealed


def _write(sealed: Sealed, form: Form, output: Path | None) -> None:
    """Writes the report in one step, or to a pipe."""
    with _progress() as progress:
        progress(f"writing {sealed.report.rows:,} rows as {form.name}")
        content = form.render(sealed)
    if output is None:
        write_out(content)
        return
    write_whole(output, content)
    tell(f"{output}: {len(content):,} bytes written; SHA-256 of what it says {sealed.sha256}")


def _say(sealed: Sealed) -> None:
    """Prints the report for a person."""
    say(legible(sealed.report.draft.title), style="bold")
    rows(("", ""), head(sealed))
    for section in sealed.report.draft.sections:
        say("")
        say(legible(section.heading), style="bold")
        for paragraph in section.prose:
            say(legible(paragraph), style="dim")
        if section.table:
            _say_table(section.table)


def _say_table(table: Table) -> None:
    numbers = [i for i, column in enumerate(table.columns) if column.type is Type.NUMBER]
    rows(
        [legible(column.heading) for column in table.columns],
        [[words(cell) for cell in row] for row in table.rows],
        number=numbers[0] if len(numbers) == 1 else -1,
    )


@contextmanager
def _progress() -> Iterator[Progress]:
    """Shows on stderr how far it is, where a person looks."""
    if not err.is_terminal:
        yield silent
        return
    with Status("asking …", console=err) as status:
        yield lambda said: status.update(clean(said))
