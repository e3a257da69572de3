from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from graph.model import ontology
from graph.model.kind import Kind
from graph.model.reference import reference

DOCS = Path(__file__).parents[4] / "docs"


def anchors(page: str) -> list[str]:
    """The anchors of a page's headings, as the usual renderers make them."""
    return [
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"(?m)^#+ (.+)$", page)
    ]


def test_checked_in_reference_is_what_the_code_says() -> None:
    assert (DOCS / "ontology.md").read_text(encoding="utf-8") == reference(), (
        "write it anew: python -m graph.model.reference > docs/ontology.md"
    )


def test_reference_tells_of_every_kind_property_and_link() -> None:
    page = reference()

    for kind, cls in ontology.kinds().items():
        section = page.partition(f"\n### {kind}\n")[2].partition("\n### ")[0]
        above = ontology.lineage(kind)[1:]
        base = ontology.get_kind(above[0]) if above else Kind
        own = cls.model_fields.keys() - base.model_fields.keys()
        assert str(cls.__doc__) in section
        assert all(f"\n| `{name}`" in section for name in own), kind
    for link in ontology.link_types().values():
        assert f"| `{link.name}` | `{link.inverse}` |" in page
        assert link.doc in page


def test_every_reference_inside_the_page_leads_somewhere() -> None:
    page = reference()
    headings = Counter(anchors(page))

    assert [anchor for anchor, count in headings.items() if count > 1] == []
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings.keys()


def test_tables_are_whole() -> None:
    columns = 0
    for line in reference().splitlines():
        if not line.startswith("|"):
            columns = 0
            continue
        count = len(line.split(" | ")) if "---" not in line else line.count("---")
        assert columns in (0, count), line
        columns = count


def test_glossary_explains_every_kind_once_in_one_sentence() -> None:
    page = (DOCS / "glossary.md").read_text(encoding="utf-8")
    entries = re.findall(r"(?m)^\*\*(.+?)\*\*(?: \((.+?)\))? — (.+)$", page)
    terms = Counter(term for term, _, _ in entries)

    assert [term for term, count in terms.items() if count > 1] == []
    assert ontology.kinds().keys() <= terms.keys()
    for term, _, sentence in entries:
        assert re.fullmatch(r"[A-Z`].+[.…]", sentence), f"{term}: {sentence}"
        assert ". " not in sentence, f"{term}: one sentence is enough"


def test_glossary_is_in_order() -> None:
    page = (DOCS / "glossary.md").read_text(encoding="utf-8")
    for section in page.split("\n## ")[1:]:
        terms = [term.lower() for term in re.findall(r"(?m)^\*\*(.+?)\*\*", section)]
        assert terms == sorted(terms)
