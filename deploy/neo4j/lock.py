"""Write the lock of Neo4j's jars: one line `group:artifact:version[:classifier] sha256 size` each.

    python deploy/neo4j/lock.py cli/local/neo4j_jars.lock

Needs Maven; pom.xml beside this file says what is resolved. Standard library only.
"""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def copy_jars(target: Path) -> None:
    """Fill a folder with all runtime jars in repository layout; -C refuses a bad checksum."""
    subprocess.run(
        [
            *("mvn", "-B", "-q", "-C", "-f", str(HERE / "pom.xml")),
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


def main(lock: Path) -> None:
    """Resolve the jars and write the lock file."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "jars"
        copy_jars(Path(folder))
        lines = [
            f"{coordinates(jar, root)} {hashlib.sha256(jar.read_bytes()).hexdigest()} "
            f"{jar.stat().st_size}\n"
            for jar in root.rglob("*.jar")
        ]
    lock.write_text("".join(sorted(lines)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
