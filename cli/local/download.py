"""Fetch one pinned file: resumes where a broken download stopped, and checks the whole."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path

from cli.local.errors import JarError

TIMEOUT_S = 30.0
PAUSES_S = (0.5, 2.0, 5.0)
"""How long to wait before each new attempt."""
BLOCK = 1 << 16


@dataclass(frozen=True)
class Source:
    """Where a file comes from and what it must be."""

    url: str
    sha256: str
    size: int


def fetch_file(source: Source, target: Path, progress: Callable[[int], None]) -> None:
    """Put the file at the target, complete and checked, or leave the target as it was.

    What has arrived is kept in `<target>.part`, and the next attempt asks only for the rest.

    Raises:
        JarError: if the network fails for good, or the content is not what was pinned.
    """
    part = target.with_name(target.name + ".part")
    for pause_s in (*PAUSES_S, None):
        try:
            _continue(source, part, progress)
            break
        except (OSError, HTTPException) as error:
            if pause_s is None or _is_final(error):
                raise _explain(source, target, error) from error
            time.sleep(pause_s)
    if sha256(part.read_bytes()).hexdigest() != source.sha256:
        part.unlink()
        raise JarError(
            f"{source.url} is not what was pinned: its SHA-256 differs from {source.sha256}; "
            "try again, and if it stays so, point UTCS_MAVEN_URL to a repository you trust",
            url=source.url,
        )
    part.replace(target)


def _continue(source: Source, part: Path, progress: Callable[[int], None]) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have > source.size:
        part.unlink()
        have = 0
    if have == source.size:
        return
    request = urllib.request.Request(source.url, headers={"Range": f"bytes={have}-"})  # noqa: S310 - a mirror may be a folder: file:///…
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
        # A server that ignores Range sends all of it with 200: begin again.
        resumes = have > 0 and answer.status == 206
        progress(have if resumes else 0)
        with part.open("ab" if resumes else "wb") as file:
            while block := answer.read(BLOCK):
                file.write(block)
                progress(len(block))
    if part.stat().st_size < source.size:
        raise ConnectionError("the connection ended early")


def _is_final(error: Exception) -> bool:
    """Whether asking again is useless: the server said no, rather than nothing."""
    return isinstance(error, urllib.error.HTTPError) and error.code < 500 and error.code != 429


def _explain(source: Source, target: Path, error: Exception) -> JarError:
    reason = getattr(error, "reason", None) or error
    return JarError(
        f"cannot fetch {source.url} ({reason}); check the network or the proxy "
        "(HTTPS_PROXY), or set UTCS_MAVEN_URL to a mirror of Maven Central; without a network, "
        f"copy the jars that are named in cli/local/*_jars.lock into {target.parent}",
        url=source.url,
    )
