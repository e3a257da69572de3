"""Pinned jars: fetched from a Maven repository, checked by SHA-256, kept in a cache."""

import hashlib
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from cli.local.download import Source, fetch_file
from cli.local.errors import JarError
from cli.local.lock import hold_lock
from cli.local.state import replace_file

THREADS = 8
"""One connection each; more did not make it faster (measured 2026-11: 13 s for 213 jars)."""

OTHERS_S = 1800.0
"""How long to wait for another process that fills the same cache."""

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Jar:
    """One line of a lock: what a jar is called and what it must be.

    Attributes:
        coordinates: `group:artifact:version[:classifier]`.
        sha256: Lower-case hexadecimal.
        size: In bytes.
    """

    coordinates: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """The file name: `artifact-version[-classifier].jar`."""
        return "-".join(self.coordinates.split(":")[1:]) + ".jar"

    @property
    def path(self) -> str:
        """Where the file lies below the root of a Maven repository."""
        group, artifact, version = self.coordinates.split(":")[:3]
        return f"{group.replace('.', '/')}/{artifact}/{version}/{self.name}"


def read_lock(name: str) -> tuple[Jar, ...]:
    """The jars that a lock beside this file pins, in class-path order."""
    return parse_lock(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def parse_lock(text: str) -> tuple[Jar, ...]:
    """The jars that the text of a lock pins, in class-path order."""
    lines = map(str.split, text.splitlines())
    return tuple(Jar(c, sha256, int(size)) for c, sha256, size in lines)


def provide_jars(
    jars: Iterable[Jar], folder: Path, repository: str, progress: Progress = lambda _: None
) -> list[Path]:
    """The paths of all jars, each checked against its pin; what is missing is fetched.

    Args:
        jars: What is needed.
        folder: The cache; several homes and versions may share it.
        repository: Address of a Maven repository, also `file:///…`.
        progress: Told how many bytes have arrived since it was last told.

    Raises:
        JarError: if one cannot be fetched, or is not what was pinned.
    """
    wanted = list(jars)
    folder.mkdir(parents=True, exist_ok=True)
    with hold_lock(folder / ".lock", patience_s=OTHERS_S):
        trusted = _Trusted(folder)
        missing = [jar for jar in wanted if not trusted.has(jar)]
        try:
            _fetch_all(missing, folder, repository, progress)
            for jar in missing:
                trusted.add(jar)
        finally:
            trusted.save()
    return [folder / jar.name for jar in wanted]


def missing_bytes(jars: Iterable[Jar], folder: Path) -> int:
    """How much there is to fetch, for a progress bar; looks at names only."""
    return sum(jar.size for jar in jars if not (folder / jar.name).exists())


def find_damaged(jars: Iterable[Jar], folder: Path) -> list[Jar]:
    """The cached jars whose content is not what was pinned, by reading every byte."""
    return [
        jar
        for jar in jars
        if (folder / jar.name).exists() and sha256_of(folder / jar.name) != jar.sha256
    ]


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetch_all(jars: list[Jar], folder: Path, repository: str, progress: Progress) -> None:
    def fetch(jar: Jar) -> None:
        source = Source(f"{repository.rstrip('/')}/{jar.path}", jar.sha256, jar.size)
        fetch_file(source, folder / jar.name, progress)

    with ThreadPoolExecutor(THREADS) as pool:
        try:
            for _ in pool.map(fetch, jars):
                pass
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Trusted:
    """Which files were read in full and found right, and how they looked then.

    Reading 128 MB takes half a second on every start. A file whose size, time of change and inode
    are as they were when its hash was checked is not read again; `utcs doctor` reads them all.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "verified.json"
        try:
            self._seen: dict[str, list[int | str]] = json.loads(self._file.read_bytes())
        except (FileNotFoundError, ValueError):
            self._seen = {}

    def has(self, jar: Jar) -> bool:
        """Whether the jar is there and is what was pinned.

        Raises:
            JarError: if a file of that name is there and is something else.
        """
        path = self._folder / jar.name
        if not path.exists():
            return False
        if self._seen.get(jar.name) == self._look(jar):
            return True
        if sha256_of(path) != jar.sha256:
            raise JarError(
                f"jar {path} is not what was pinned: its SHA-256 differs from {jar.sha256}; "
                "delete that file and start again",
                path=path,
            )
        self.add(jar)
        return True

    def add(self, jar: Jar) -> None:
        """Remember how the file looks, right after its content was checked."""
        self._seen[jar.name] = self._look(jar)

    def save(self) -> None:
        """Write down what was checked."""
        replace_file(self._file, json.dumps(self._seen, indent=0).encode())

    def _look(self, jar: Jar) -> list[int | str]:
        stat = (self._folder / jar.name).stat()
        return [stat.st_size, stat.st_mtime_ns, stat.st_ino, jar.sha256]
