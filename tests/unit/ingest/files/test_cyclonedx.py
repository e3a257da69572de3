"""CycloneDX bills: what software is built with."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.model.engineering import Software
from graph.model.identifier import Utcs
from graph.model.product import Part
from ingest.files.cyclonedx import aliases_in
from ingest.files.known import Known
from ingest.files.rejected import FileError

SAMPLE = "flight_computer.cdx.json"
PURL = "uri:pkg:generic/openssl@3.0.13"


def bill(*components: Any, dependencies: Any = (), **changes: Any) -> str:
    return json.dumps(
        {"bomFormat": "CycloneDX", "specVersion": "1.5"}
        | {"metadata": {"timestamp": "2026-01-01T00:00:00Z"}, "components": list(components)}
        | {"dependencies": list(dependencies)}
        | changes
    )


def named(loaded: Any) -> dict[str, str]:
    return {local: thing.number or thing.name for local, thing in loaded.things.items()}


def test_components_become_software_and_what_it_depends_on(samples: Path, read: Any) -> None:
    loaded = read(samples / SAMPLE)

    assert loaded.rejected == []
    names = named(loaded)
    assert {(names[a], link, names[b]) for a, link, b in loaded.links} == {
        ("FCC-OFP", "BUILT_WITH", "openssl"),
        ("FCC-OFP", "BUILT_WITH", "zlib"),
        ("FCC-OFP", "RUNS_ON", "FCC-100"),
        ("openssl", "BUILT_WITH", "zlib"),
        ("openssl", "BUILT_WITH", "openssl-fips"),
    }
    openssl = next(thing for thing in loaded.things.values() if thing.number == "openssl")
    assert isinstance(openssl, Software)
    assert [str(alias) for alias in openssl.aliases] == [PURL]
    assert (openssl.revision, openssl.licence) == ("3.0.13", "Apache-2.0")
    assert openssl.sha256 is not None
    cpe = "cpe:2.3:a:openssl:openssl:3.0.13:*:*:*:*:*:*:*"
    assert openssl.extra["cyclonedx"]["cpe"] == cpe  # type: ignore[index,call-overload]
    assert any(isinstance(thing, Part) for thing in loaded.things.values())
    assert {fact.valid_from for fact in loaded.facts} == {datetime(2026, 2, 20, 10, tzinfo=UTC)}


def test_same_bill_always_makes_the_same_events(samples: Path, read: Any) -> None:
    assert read(samples / SAMPLE).ids == read(samples / SAMPLE).ids


def test_package_that_somebody_bears_means_that_thing_which_keeps_its_words(
    samples: Path, read: Any
) -> None:
    theirs = Utcs("OPENSSL", "software", "3.0.13")

    loaded = read(samples / SAMPLE, known=Known(things={PURL: theirs}))

    assert aliases_in(samples / SAMPLE) == {PURL, "uri:pkg:github/madler/zlib@1.3.1"}
    assert theirs.local not in loaded.things
    assert {link for _, link, target in loaded.links if target == theirs.local} == {"BUILT_WITH"}


def test_what_is_wrong_with_one_component_loses_no_other(read_text: Any) -> None:
    good = {"name": "good", "version": "1", "bom-ref": "g"}
    content = bill(
        good, {"version": "1", "bom-ref": "nameless"}, "text", good | {"bom-ref": "again"},
        good | {"description": "other words"}, {"name": "h", "hashes": [{"alg": "SHA-256", "content": "x"}]},
        dependencies=[{"ref": "g", "dependsOn": ["none", "again"]}],
    )  # fmt: skip

    loaded = read_text("a.json", content)

    assert list(named(loaded).values()) == ["good"]
    assert loaded.links == set()
    assert [reason.partition(": ")[2][:40] for reason in loaded.reasons] == [
        "name: is missing; give one",
        "name: is missing; give one",
        "the same package stands there twice, in "[:40],
        "sha256: is written in another form; it must"[:40],
        "'none' is no bom-ref of a component that"[:40],
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (bill(specVersion="1.2"), "is CycloneDX 1.2; convert it to one of 1.4"),
        (bill(metadata={}), "metadata.timestamp: .*; mend it, or say from when it holds with --at"),
        (bill() + "x", "not JSON"),
        (bill().replace('"components"', '"bomFormat"'), "'bomFormat' is named 2 times"),
        (bill().encode() + b"\xff", "is not UTF-8"),
    ],
)
def test_bill_that_is_no_use_is_refused(read_text: Any, content: Any, problem: str) -> None:
    with pytest.raises(FileError, match=problem):
        read_text("a.cdx.json", content)


def test_bill_without_a_time_is_taken_with_one(read_text: Any) -> None:
    at = datetime(2026, 5, 1, tzinfo=UTC)

    loaded = read_text("a.json", bill({"name": "x"}, metadata={}), at=at)

    assert [fact.valid_from for fact in loaded.facts] == [at]


def test_components_that_contain_each_other_without_end_are_read_to_a_bound(read_text: Any) -> None:
    component: dict[str, Any] = {"name": "c0"}
    for n in range(1, 90):
        component = {"name": f"c{n}", "components": [component]}

    loaded = read_text("a.json", bill(component))

    assert len(loaded.things) == 65
