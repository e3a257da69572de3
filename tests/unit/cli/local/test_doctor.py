"""The doctor finds what is wrong, and every complaint comes with a fix."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.local.doctor import Finding, Verdict, examine
from cli.local.home import Home
from cli.local.part import Part, Running
from cli.local.parts import pinned_jars
from cli.local.settings import LocalSettings
from cli.local.state import replace_file

MakePart = Callable[..., Part]


@pytest.fixture
def settings(home: Home) -> LocalSettings:
    return LocalSettings(
        home=home.root, cache=home.cache, neo4j_uri=None, queue_uri=None, java=None
    )


def findings(settings: LocalSettings) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(settings)}


def test_a_fresh_machine_is_fine(settings: LocalSettings) -> None:
    found = findings(settings)

    assert not [f for f in found.values() if f.verdict is Verdict.FAILED]
    assert "173 MB still to fetch" in found["jars"].detail
    assert "utcs up" in found["parts"].detail


def test_every_complaint_has_a_fix(settings: LocalSettings) -> None:
    complaints = [f for f in examine(settings) if f.verdict is not Verdict.OK]

    assert all(complaint.fix for complaint in complaints)


@pytest.mark.parametrize("names", [("graph",), ("queue",)])
def test_a_damaged_jar_is_named(
    settings: LocalSettings, home: Home, names: tuple[str, ...]
) -> None:
    name = pinned_jars(names)[0].name
    (home.jars / name).write_bytes(b"tampered")

    jars = findings(settings)["jars"]

    assert jars.verdict is Verdict.FAILED
    assert name in jars.detail
    assert "delete" in jars.fix


def test_a_secret_that_others_can_read_is_named(settings: LocalSettings, home: Home) -> None:
    replace_file(home.neo4j_password, b"secret", mode=0o644)

    secrets = findings(settings)["secrets"]

    assert secrets.verdict is Verdict.FAILED
    assert "chmod" in secrets.fix


def test_a_wrong_java_is_named(settings: LocalSettings, tmp_path: Path) -> None:
    java = findings(settings.model_copy(update={"java": tmp_path / "java"}))["java"]

    assert java.verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("is_named", "verdict"), [(True, Verdict.FAILED), (False, Verdict.WARNING)]
)
def test_a_taken_port_fails_only_where_it_was_asked_for(
    settings: LocalSettings, make_part: MakePart, is_named: bool, verdict: Verdict
) -> None:
    stranger = Running(make_part())
    stranger.wait_ready()
    port = stranger.part.port
    asked = settings.model_copy(update={"api_port": port})
    if not is_named:
        asked.model_fields_set.discard("api_port")

    found = findings(asked)

    stranger.stop()
    assert found[f"port {port}"].verdict is verdict


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc on this system")
def test_a_folder_that_cannot_be_made_is_found(settings: LocalSettings) -> None:
    """Rights alone say that root may write to /proc."""
    found = findings(settings.model_copy(update={"home": Path("/proc/nope")}))

    assert found["data folder"].verdict is Verdict.FAILED


@pytest.mark.parametrize(("name", "folder"), [("graph", "neo4j"), ("queue", "kafka")])
def test_a_store_of_another_version_is_told(
    settings: LocalSettings, home: Home, name: str, folder: str
) -> None:
    replace_file(home.root / folder / "version", b"5.26.99")

    assert findings(settings)[f"store of the {name}"].verdict is Verdict.WARNING


def test_the_document_that_would_stop_the_start_is_named(
    settings: LocalSettings, tmp_path: Path
) -> None:
    (folder := tmp_path / "documents").mkdir()
    (folder / "a.graphql").write_text("{ parts { totalCount } }")
    closed = settings.model_copy(update={"documents": folder})

    good = findings(closed)["documents"]
    (folder / "b.graphql").write_text("{ prats }")
    bad = findings(closed)["documents"]

    assert "documents" not in findings(settings)
    assert good.verdict is Verdict.OK
    assert bad.verdict is Verdict.FAILED
    assert "b.graphql" in bad.detail
    assert "line 1" in bad.detail
    assert "UTCS_DOCUMENTS" in bad.fix
