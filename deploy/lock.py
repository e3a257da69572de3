"""Write the locks of all jars: one line `group:artifact:version[:classifier] sha256 size` each.

    python deploy/lock.py deploy cli/local

Each folder in the first one that holds a pom.xml becomes `<folder>_jars.lock` in the second. Needs Maven.
Standard library only.
"""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path


def copy_jars(pom: Path, target: Path) -> None:
    """Fill a folder with all runtime jars in repository layout; -C refuses a bad checksum."""
    subprocess.run(
        [
            *("mvn", "-B", "-q", "-C", "-f", str(pom)),
            f"-Dmaven.repo.local={target / 'm2'}",
            f"-DoutputDirectory={target / 'jars'}",
            "-Dmdep.useRepositoryLayout=true",
            "dependency:copy-dependencies",
        ],
        check=True,
    )


def coordinates(jar: Path, root: Path) -> str:
    """The Maven coordinates that a path in repository layout stands for."""
    *group, artifact, version = jar.parent.relative_to(root).parts
    classifier = jar.stem.removeprefix(f"{artifact}-{version}").removeprefix("-")
    return ":".join([".".join(group), artifact, version, *([classifier] if classifier else [])])


def write_lock(pom: Path, lock: Path) -> None:
    """Resolve what a POM names, and pin each jar."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "jars"
        copy_jars(pom, Path(folder))
        lines = [
            f"{coordinates(jar, root)} {hashlib.sha256(jar.read_bytes()).hexdigest()} "
            f"{jar.stat().st_size}\n"
            for jar in root.rglob("*.jar")
        ]
    lock.write_text("".join(sorted(lines)), encoding="utf-8")


def main(source: Path, target: Path) -> None:
    """Write one lock for each POM."""
    for pom in sorted(source.glob("*/pom.xml")):
        write_lock(pom, target / f"{pom.parent.name}_jars.lock")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
