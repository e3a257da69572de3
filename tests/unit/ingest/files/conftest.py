"""ReqIF documents made for one test, and the way from what was read back to a document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from graph.model.engineering import Document, Requirement
from graph.model.fact import PutLink, PutNode
from ingest.files.reqif_links import DERIVED, RELATED
from ingest.files.reqif_skeleton import page_count
from ingest.files.reqif_write import Exported, Held, Link, write_reqif

NAMESPACE = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"
WHENEVER = datetime(2026, 1, 1, tzinfo=UTC)
WHEN = 'LAST-CHANGE="2026-01-01T00:00:00Z"'
TYPES = f"""<DATATYPES><DATATYPE-DEFINITION-STRING IDENTIFIER="dt" {WHEN} MAX-LENGTH="9"/></DATATYPES>
<SPEC-TYPES><SPEC-OBJECT-TYPE IDENTIFIER="sot" {WHEN} LONG-NAME="R"><SPEC-ATTRIBUTES>
<ATTRIBUTE-DEFINITION-STRING IDENTIFIER="ad" {WHEN} LONG-NAME="ReqIF.Text"><TYPE>
<DATATYPE-DEFINITION-STRING-REF>dt</DATATYPE-DEFINITION-STRING-REF></TYPE></ATTRIBUTE-DEFINITION-STRING>
</SPEC-ATTRIBUTES></SPEC-OBJECT-TYPE><SPEC-RELATION-TYPE IDENTIFIER="srt" {WHEN} LONG-NAME="derives"/>
<SPECIFICATION-TYPE IDENTIFIER="st" {WHEN}/></SPEC-TYPES>"""


@pytest.fixture(scope="session")
def reqif() -> Callable[..., str]:
    """Writes a small document from the inside of its parts."""

    def write(
        objects: str = "",
        relations: str = "",
        hierarchy: str = "",
        groups: str = "",
        types: str = TYPES,
        created: str = "2026-01-02T00:00:00Z",
        before: str = "",
    ) -> str:
        return (
            f'<?xml version="1.0"?>{before}<REQ-IF xmlns="{NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">'
            f'<THE-HEADER><REQ-IF-HEADER IDENTIFIER="doc"><CREATION-TIME>{created}</CREATION-TIME>'
            "<TITLE>Made</TITLE></REQ-IF-HEADER></THE-HEADER><CORE-CONTENT><REQ-IF-CONTENT>"
            f"{types}<SPEC-OBJECTS>{objects}</SPEC-OBJECTS><SPEC-RELATIONS>{relations}</SPEC-RELATIONS>"
            f'<SPECIFICATIONS><SPECIFICATION IDENTIFIER="s" {WHEN}><TYPE><SPECIFICATION-TYPE-REF>st'
            f"</SPECIFICATION-TYPE-REF></TYPE><CHILDREN>{hierarchy}</CHILDREN></SPECIFICATION></SPECIFICATIONS>"
            f"<SPEC-RELATION-GROUPS>{groups}</SPEC-RELATION-GROUPS></REQ-IF-CONTENT></CORE-CONTENT></REQ-IF>"
        )

    return write


@pytest.fixture(scope="session")
def spec_object() -> Callable[..., str]:
    def write(id: str, text: str = "text", when: str = WHEN, type: str = "sot") -> str:
        return (
            f'<SPEC-OBJECT IDENTIFIER="{id}" {when}><VALUES><ATTRIBUTE-VALUE-STRING THE-VALUE="{text}">'
            "<DEFINITION><ATTRIBUTE-DEFINITION-STRING-REF>ad</ATTRIBUTE-DEFINITION-STRING-REF></DEFINITION>"
            f"</ATTRIBUTE-VALUE-STRING></VALUES><TYPE><SPEC-OBJECT-TYPE-REF>{type}</SPEC-OBJECT-TYPE-REF>"
            "</TYPE></SPEC-OBJECT>"
        )

    return write


@pytest.fixture(scope="session")
def spec_relation() -> Callable[..., str]:
    def write(id: str, source: str, target: str) -> str:
        ends = "".join(
            f"<{end}><SPEC-OBJECT-REF>{object}</SPEC-OBJECT-REF></{end}>"
            for end, object in (("SOURCE", source), ("TARGET", target))
        )
        return (
            f'<SPEC-RELATION IDENTIFIER="{id}" {WHEN}>{ends}<TYPE><SPEC-RELATION-TYPE-REF>srt'
            "</SPEC-RELATION-TYPE-REF></TYPE></SPEC-RELATION>"
        )

    return write


@pytest.fixture(scope="session")
def entry() -> Callable[..., str]:
    numbers = count(1)

    def write(object: str, *children: str) -> str:
        below = f"<CHILDREN>{''.join(children)}</CHILDREN>" if children else ""
        return (
            f'<SPEC-HIERARCHY IDENTIFIER="sh-{next(numbers)}" {WHEN}><OBJECT><SPEC-OBJECT-REF>{object}'
            f"</SPEC-OBJECT-REF></OBJECT>{below}</SPEC-HIERARCHY>"
        )

    return write


@pytest.fixture(scope="session")
def written() -> Callable[..., Exported]:
    """Writes the document that was read, as a graph that was told just that would hold it."""

    def write(
        facts: Any, change: Any = lambda requirement: requirement, drop: Any = (), add: Any = None
    ) -> Exported:
        puts = [fact for fact in facts if isinstance(fact, PutNode)]
        pages = [p.properties for p in puts if isinstance(p.properties, Document)]
        held = {
            p.utcs.local: Held(change(p.properties), p.valid_from or WHENEVER)
            for p in puts
            if isinstance(p.properties, Requirement) and p.utcs.local not in drop
        }
        links: dict[Link, datetime] = {
            (f.source.local, f.link, f.target.local): f.valid_from or WHENEVER
            for f in facts
            if isinstance(f, PutLink) and f.link in (DERIVED, RELATED)
        }
        skeleton = [page for page in pages if page_count(page)]
        kept = {link: since for link, since in links.items() if not {link[0], link[2]} & set(drop)}
        return write_reqif(skeleton, held, kept if add is None else add(kept))

    return write
