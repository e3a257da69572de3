from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.model.engineering import RequirementStatus
from ingest.files.reqif_write import ExportError
from ingest.files.reqif_xml import canonical, parse

HERE = Path("made.reqif")
ID = r"[A-Za-z_][A-Za-z0-9._-]{0,80}"
XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r"),
    max_size=30,
)


NAMES = ["p", "b", "ul", "li", "div", "object"]
XHTML = st.recursive(
    XML_TEXT.map(lambda text: escaped(text)),
    lambda inside: st.tuples(
        st.sampled_from(["p", "b", "ul", "li", "div", "object"]), st.lists(inside, max_size=3)
    ).map(lambda drawn: f"<xhtml:{drawn[0]}>{'<xhtml:br/>'.join(drawn[1])}</xhtml:{drawn[0]}>"),
    max_leaves=8,
)


def escaped(text: str) -> str:
    named = {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\n": "&#10;",
        "\r": "&#13;",
        "\t": "&#9;",
    }
    return "".join(named.get(character, character) for character in text)


def formatted(spec_object: str, value: str) -> str:
    """Adds a formatted value to an object."""
    definition = "<ATTRIBUTE-DEFINITION-XHTML-REF>ad</ATTRIBUTE-DEFINITION-XHTML-REF>"
    added = (
        f"<ATTRIBUTE-VALUE-XHTML><DEFINITION>{definition}</DEFINITION>"
        f"<THE-VALUE> {value}\n</THE-VALUE></ATTRIBUTE-VALUE-XHTML></VALUES>"
    )
    return spec_object.replace("</VALUES>", added)


def same(one: bytes, other: bytes) -> bool:
    return canonical(parse(HERE, one)) == canonical(parse(HERE, other))


@pytest.mark.parametrize("name", ["eclipse_rmf", "polarion"])
def test_public_samples_come_out_as_they_went_in(
    public_data: Path, read: Any, written: Any, name: Any
) -> None:
    path = public_data / "reqif" / f"{name}.reqif"

    exported = written(read(path).facts)

    assert exported.notes == ()
    assert same(exported.document, path.read_bytes())


def test_polarion_sample_comes_out_byte_for_byte(
    public_data: Path, read: Any, written: Any
) -> None:
    path = public_data / "reqif" / "polarion.reqif"

    assert written(read(path).facts).document == path.read_bytes()


def test_every_part_of_the_standard_comes_out_as_it_went_in(
    samples: Path, read: Any, written: Any
) -> None:
    path = samples / "h2_tank.reqif"

    exported = written(read(path).facts)

    assert exported.notes == ()
    assert same(exported.document, path.read_bytes())
    assert b"<!-- The supplier may not relax this one. -->" in exported.document
    assert b"<!-- A small exchange that uses every part of ReqIF 1.2. -->" in exported.document
    assert b'<acme:column width="40">ad-text</acme:column>  </acme:view>' in exported.document


def test_import_of_the_export_says_the_same(
    samples: Path, read: Any, read_text: Any, written: Any
) -> None:
    loaded = read(samples / "h2_tank.reqif")

    again = read_text("h2_tank.reqif", written(loaded.facts).document)

    assert again.ids == loaded.ids


def test_pages_are_put_together(
    read_text: Any,
    reqif: Any,
    spec_object: Any,
    entry: Any,
    written: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingest.files.reqif_skeleton.PAGE", 777)
    ids = [f"object-{number}" for number in range(20)]
    document = reqif("".join(map(spec_object, ids)), hierarchy="".join(map(entry, ids)))

    exported = written(read_text("a.reqif", document).facts)

    assert same(exported.document, document.encode())


@given(data=st.data())
@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_any_document_comes_out_as_it_went_in(
    data: Any,
    read_text: Any,
    reqif: Any,
    spec_object: Any,
    spec_relation: Any,
    entry: Any,
    written: Any,
) -> None:
    ids = data.draw(
        st.lists(
            st.from_regex(r"[A-Za-z_][A-Za-z0-9._-]{0,80}", fullmatch=True), min_size=1, unique=True
        )
    )
    ids = [f"o-{id}" for id in ids]
    plain = [spec_object(id, escaped(data.draw(XML_TEXT))) for id in ids]
    objects = [
        formatted(object, data.draw(XHTML)) if data.draw(st.booleans()) else object
        for object in plain
    ]
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=6))
    relations = [
        spec_relation(f"r-{n}", source, target) for n, (source, target) in enumerate(pairs)
    ]
    tree = data.draw(
        st.recursive(
            st.sampled_from(ids).map(lambda id: (id,)),
            lambda below: st.tuples(st.sampled_from(ids), below),
        )
    )
    comment = data.draw(st.sampled_from(["", "<!-- between -->", "\n  ", "<?tool x?>"]))

    def drawn(node: Any) -> Any:
        return entry(node[0], *map(drawn, node[1:]))

    document = reqif(comment.join(objects), comment.join(relations), drawn(tree))
    loaded = read_text("a.reqif", document)
    exported = written(loaded.facts)

    assert loaded.rejected == []
    assert exported.notes == ()
    assert same(exported.document, document.encode())


def changed(local: Any, **properties: Any) -> Any:
    def change(requirement: Any) -> Any:
        mine = requirement.aliases and requirement.aliases[0].value == local
        return requirement.model_copy(update=properties) if mine else requirement

    return change


def test_changed_properties_are_written_into_their_attributes(
    samples: Path, read: Any, read_text: Any, written: Any
) -> None:
    loaded = read(samples / "h2_tank.reqif")
    change = changed(
        "so-boil-off",
        name="Boil-off",
        text="First.\nSecond & last.",
        status=RequirementStatus.APPROVED,
    )

    exported = written(loaded.facts, change)
    again = read_text("a.reqif", exported.document).things["so-boil-off"]

    assert (again.name, again.text, again.status) == (
        "Boil-off",
        "First.\nSecond & last.",
        "approved",
    )
    assert len(exported.notes) == 3
    assert b'THE-VALUE="5.0E-1"' in exported.document


def test_change_that_finds_no_place_is_noted(samples: Path, read: Any, written: Any) -> None:
    loaded = read(samples / "h2_tank.reqif")

    exported = written(loaded.facts, changed("so-heading", rationale="because"))

    assert exported.notes == ("so-heading: rationale changed and finds no place in the object",)
    assert same(exported.document, (samples / "h2_tank.reqif").read_bytes())


def test_requirement_that_is_gone_is_left_out_and_those_below_move_up(
    samples: Path, read: Any, read_text: Any, written: Any
) -> None:
    exported = written(read(samples / "h2_tank.reqif").facts, drop={"so-containment"})
    again = read_text("a.reqif", exported.document)

    assert again.rejected == []
    assert "so-containment" not in again.things
    assert ("so-boil-off", "PLACED_UNDER", "so-heading") in again.links
    assert any("so-containment" in note for note in exported.notes)


def test_link_that_ended_takes_its_relation_along(
    samples: Path, read: Any, read_text: Any, written: Any
) -> None:
    loaded = read(samples / "h2_tank.reqif")
    ended = ("so-boil-off", "DERIVES_FROM", "so-containment")

    exported = written(
        loaded.facts, add=lambda links: {k: v for k, v in links.items() if k != ended}
    )

    assert exported.notes == ("sr-1: the link holds no longer, so the relation is left out",)
    assert ended not in read_text("a.reqif", exported.document).links
    assert b">sr-1<" not in exported.document


@pytest.mark.parametrize("link", ["DERIVES_FROM", "REFERS_TO"])
def test_link_made_in_the_graph_becomes_a_relation(
    read_text: Any, reqif: Any, spec_object: Any, written: Any, link: Any
) -> None:
    loaded = read_text("a.reqif", reqif(spec_object("a") + spec_object("b")))
    made = ("a", link, "b")

    exported = written(
        loaded.facts, add=lambda links: links | {made: datetime(2026, 3, 1, tzinfo=UTC)}
    )

    assert made in read_text("b.reqif", exported.document).links
    assert len(exported.notes) == 1


def test_document_that_lost_a_type_is_not_written(
    read_text: Any, reqif: Any, spec_object: Any, written: Any
) -> None:
    facts = read_text("a.reqif", reqif(spec_object("a"))).facts
    other = read_text(
        "b.reqif", reqif(spec_object("a")).replace('"sot"', '"other"').replace(">sot<", ">other<")
    ).facts

    with pytest.raises(ExportError, match="refers to sot, which it does not declare"):
        written([other[0], facts[1]])
