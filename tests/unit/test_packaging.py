"""The names we import are ours alone, and the wheel holds what the code reads."""

import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FOLDERS: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


@pytest.mark.parametrize("name", FOLDERS)
def test_no_other_distribution_owns_our_name(name: str) -> None:
    owners = set(packages_distributions().get(name, []))

    assert owners <= {"utcs"}, f"{owners} would shadow our folder {name}/"


@pytest.mark.parametrize("name", FOLDERS)
def test_each_folder_says_what_lives_in_it(name: str) -> None:
    docstring = (ROOT / name / "__init__.py").read_text(encoding="utf-8").split('"""')[1]

    assert 1 <= len(docstring.strip().splitlines()) <= 5


def test_every_linted_and_typed_folder_is_shipped() -> None:
    tools = PROJECT["tool"]

    assert tools["importlinter"]["root_packages"] == FOLDERS
    assert tools["mypy"]["files"][: len(FOLDERS)] == FOLDERS


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_locks_pin_by_hash_and_name_no_index(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    pins = [line for line in text.splitlines() if line and line[0] not in " #"]

    assert all("==" in pin for pin in pins)
    assert text.count("--hash=sha256:") >= len(pins)
    assert "index-url" not in text
    assert "find-links" not in text


def test_dev_lock_agrees_with_run_lock() -> None:
    def pins(lock: str) -> set[str]:
        lines = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8").splitlines()
        return {line.split()[0] for line in lines if line and line[0] not in " #"}

    assert pins("run") <= pins("dev")
