"""The pictures in the documents are there, small, and say what the ontology says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from graph.model import ontology

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DRAWINGS = sorted(DOCS.glob("*.svg"))
MAX_DRAWING = 15_000
MAX_PICTURE = 150_000


def words(drawing: Path) -> list[str]:
    """Every text in a drawing."""
    texts = etree.parse(drawing).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(text.itertext()) for text in texts]


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))], ids=str)
def test_every_picture_of_a_page_is_there(page: Path) -> None:
    shown = re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))

    assert [name for name in shown if not (page.parent / name).is_file()] == []


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.name)
def test_drawings_are_small_stand_alone_and_fit_dark_pages(drawing: Path) -> None:
    text = drawing.read_text(encoding="utf-8")

    assert len(text) < MAX_DRAWING
    assert "prefers-color-scheme: dark" in text
    assert set(re.findall(r"https?://[^\"'\s]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<script|@import|<image|<foreignObject", text)


def test_photographs_of_pages_are_small() -> None:
    assert all(picture.stat().st_size < MAX_PICTURE for picture in DOCS.glob("*.png"))


def test_the_one_rule_is_drawn_with_links_of_the_ontology() -> None:
    drawn = words(DOCS / "one-rule.svg")
    names = {word for word in drawn if re.fullmatch(r"[A-Z_]+", word)}
    kinds = {word.replace(" ", "") for word in drawn} & ontology.kinds().keys()

    for name in names:
        link = ontology.get_link_type(name)
        assert any(ontology.fits(kind, link.sources) for kind in kinds), name
        assert any(ontology.fits(kind, link.targets) for kind in kinds), name
    assert len(names) == len(kinds) == 7
