"""`python -m tests.provide`: fetches the servers that tests run against, and says what it had to leave out.

Jars come with the first test that needs them. A test whose server is missing skips itself and says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from cli.local.settings import LocalSettings

DEBIAN: Final = {
    "rabbitmq-server": "/usr/lib/rabbitmq/bin/rabbitmq-server",
    "postgresql": "/usr/lib/postgresql/*/bin/postgres",
    "openssh-server": "/usr/sbin/sshd",
}
"""Debian packages and the program that is wanted of each."""

GO: Final = {"versitygw": "github.com/versity/versitygw/cmd/versitygw@v1.8.0"}
"""Programs made by Go: an S3 server."""


def program(pattern: str) -> Path | None:
    """Returns the newest installed program at a path, which may hold one `*`."""
    found = sorted(Path("/").glob(pattern.lstrip("/")), key=_version)
    return found[-1] if found else None


def go_program(name: str) -> Path:
    """Returns where a program made by Go is, or would be."""
    return LocalSettings.read().places().cache / "test-servers" / name


def _version(path: Path) -> list[int]:
    return [int(part) for part in path.parts if part.isdigit()]


def main() -> None:
    """Fetches what is missing and can be fetched."""
    left_out = [*_provide_debian(), *_provide_go()]
    for name, why in left_out:
        sys.stderr.write(f"Left out: {name} ({why}); tests that need it are skipped.\n")


def _provide_debian() -> list[tuple[str, str]]:
    missing = [name for name, path in DEBIAN.items() if program(path) is None]
    if not missing:
        return []
    if shutil.which("apt-get") is None:
        return [(name, "no apt-get here") for name in missing]
    if os.geteuid() != 0:
        return [(name, f"not root; sudo apt-get install {name}") for name in missing]
    sys.stderr.write(f"Installing {', '.join(missing)} for the tests …\n")
    said = _run(["apt-get", "update", "-qq"]) or _run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    )
    return [(name, said) for name in missing if program(DEBIAN[name]) is None]


def _provide_go() -> list[tuple[str, str]]:
    left_out = []
    for name, module in GO.items():
        if go_program(name).exists():
            continue
        if shutil.which("go") is None:
            left_out.append((name, "no Go here"))
            continue
        sys.stderr.write(f"Building {name} for the tests …\n")
        said = _run(["go", "install", module], GOBIN=str(go_program(name).parent))
        if said:
            left_out.append((name, said))
    return left_out


def _run(command: list[str], **environment: str) -> str:
    """Returns nothing if a command did what it should, else the end of what it said."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive", **environment}
    done = subprocess.run(command, env={**os.environ, **quiet}, capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    return (done.stderr or done.stdout).strip()[-300:] or f"{command[0]} failed"


if __name__ == "__main__":
    main()
