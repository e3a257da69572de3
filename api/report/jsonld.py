"""Where a report comes from, as PROV-O in JSON-LD: who made it, of what, at which point of the change log."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any, Final

import orjson

from api.report.document import Report, Sealed
from graph.model.time import format_utc

_CONTEXT: Final = {
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "term": "urn:utcs:term:",
}


def render(sealed: Sealed) -> bytes:
    """Returns the provenance of the report as JSON-LD, without anything to be fetched."""
    report, name = sealed.report, digest_name(sealed.sha256)
    activity, agent, log = f"{name}#making", f"{name}#asker", f"{name}#log"
    entity = {
        "@id": name,
        "@type": "prov:Entity",
        "dcterms:title": report.draft.title,
        "dcterms:type": report.kind,
        "term:sha256": sealed.sha256,
        "term:asOf": _time(format_utc(report.place.as_of)),
        "term:knownAt": _time(format_utc(report.place.known_at)),
        "term:isComplete": not report.notes,
        "prov:wasGeneratedBy": {"@id": activity},
        "prov:wasAttributedTo": {"@id": agent},
        "prov:wasDerivedFrom": [{"@id": one} for one in (log, *_sources(report))],
    }
    graph = [
        entity,
        _activity(report, activity, agent, log),
        {"@id": agent, "@type": "prov:Agent", "dcterms:identifier": sealed.asked_by},
        {"@id": log, "@type": "prov:Entity", "term:lastChange": report.place.seq},
        *(_source(report, source) for source in _sources(report)),
    ]
    return orjson.dumps({"@context": _CONTEXT, "@graph": graph}, option=orjson.OPT_INDENT_2) + b"\n"


def digest_name(sha256: str) -> str:
    """Returns the name of content by its hash (RFC 6920 §3)."""
    return f"ni:///sha-256;{urlsafe_b64encode(bytes.fromhex(sha256)).rstrip(b'=').decode()}"


def _activity(report: Report, activity: str, agent: str, log: str) -> dict[str, Any]:
    return {
        "@id": activity,
        "@type": "prov:Activity",
        "dcterms:description": f"utcs report {report.kind}",
        "prov:wasAssociatedWith": {"@id": agent},
        "prov:used": [{"@id": one} for one in (log, *_sources(report))],
        **{f"term:{name}": value for name, value in report.options},
    }


def _sources(report: Report) -> list[str]:
    """Returns what the report was made from, each once: its subject, its baseline, and what it used."""
    named = [report.subject, report.draft.baseline and report.draft.baseline.utcs]
    return list(dict.fromkeys([*(str(one) for one in named if one), *report.draft.used]))


def _source(report: Report, source: str) -> dict[str, Any]:
    thing, at, _ = source.partition("@")
    said: dict[str, Any] = {"@id": source, "@type": "prov:Entity"}
    if at:
        said["prov:specializationOf"] = {"@id": thing}
    baseline = report.draft.baseline
    if baseline and source == str(baseline.utcs):
        said["term:root"] = baseline.root
    return said


def _time(written: str) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": written}
