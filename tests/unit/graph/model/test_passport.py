"""Who is shown which field of a passport: every field is tried on every audience."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest

from api.passport import document, sections
from graph.model.passport import (
    PREFIXES,
    Audience,
    Measure,
    Passage,
    Passport,
    fields_of,
    passage_in,
    withheld_from,
)

ALL = (Audience.PUBLIC, Audience.OPERATOR, Audience.AUTHORITY)

PERSONAL = {
    "certification.releases.signatures.signedBy",
    "certification.releases.signatures.authorisation",
    "certification.certificates.signatures.signedBy",
    "certification.certificates.signatures.authorisation",
    "lifecycle.events.signedBy",
    "lifecycle.events.authorisation",
}
"""Every field that names a person or a licence."""


def filled(passage: type[Passage], path: str = "") -> Passage:
    """Returns a passage in which each text says where it stands and who may read it."""
    if passage is Measure:
        return Measure(value=Decimal(1), unit_code="KGM", unit_text="kg")
    said = {}
    for name, where, inner in fields_of(passage, path):
        annotation = passage.model_fields[name].annotation
        least = passage.audience_of(name)
        one: Any = filled(inner, f"{where}.") if inner else f"[{least.value}] {where}"
        said[name] = _fitting(annotation, one)
    return passage.model_construct(**said)


def _fitting(annotation: Any, one: Any) -> Any:
    if isinstance(one, str):
        kinds = {part for part in _parts(annotation) if isinstance(part, type)}
        samples = {
            bool: True,
            int: 1,
            datetime: datetime(2025, 1, 1, tzinfo=UTC),
            date: date(2025, 1, 1),
        }
        one = next((sample for kind, sample in samples.items() if kind in kinds), one)
    return (one,) if "tuple" in str(annotation) else one


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


@pytest.mark.parametrize("audience", ALL)
def test_no_field_reaches_an_audience_that_it_is_not_for(audience: Audience) -> None:
    whole = filled(Passport)
    assert isinstance(whole, Passport)

    shown = whole.shown_to(audience)
    page = repr(list(sections(shown)))
    for said in (document(shown).decode(), page, repr(shown)):
        for other in ALL:
            assert (f"[{other.value}]" in said) == audience.sees(other), other


def test_what_is_withheld_is_named_and_nothing_else_is_missing() -> None:
    whole = filled(Passport)
    assert isinstance(whole, Passport)

    for audience in ALL:
        shown = whole.shown_to(audience)
        missing = set(_missing(whole, shown))
        assert set(shown.withheld or ()) == missing == set(dict(withheld_from(audience)))


def _missing(whole: Passage, shown: Passage, path: str = "") -> Iterator[str]:
    for name, where, inner in fields_of(type(whole), path):
        before, after = getattr(whole, name), getattr(shown, name)
        if after is None:
            yield where
        elif inner is not None:
            one, other = (v[0] if isinstance(v, tuple) else v for v in (before, after))
            yield from _missing(one, other, f"{where}.")


def test_persons_and_licences_are_for_the_authority_alone() -> None:
    names = set(dict(withheld_from(Audience.OPERATOR)))
    hidden = set(dict(withheld_from(Audience.PUBLIC)))

    assert names >= PERSONAL
    assert all(any(one == h or one.startswith(f"{h}.") for h in hidden) for one in PERSONAL)


def test_every_field_names_its_audience_its_term_and_what_it_is() -> None:
    def held(passage: type[Passage]) -> Iterator[tuple[type[Passage], str]]:
        for name, _, inner in fields_of(passage):
            yield passage, name
            if inner is not None:
                yield from held(inner)

    for passage, name in held(Passport):
        term = passage.term_of(name)
        assert term.startswith("@") or term.partition(":")[0] in PREFIXES, (passage, name)
        assert passage.audience_of(name) in ALL
        assert (passage.model_fields[name].description or "").endswith(".")


def test_a_field_that_names_no_audience_is_refused() -> None:
    class Careless(Passage):
        """A part whose author forgot to say who sees it."""

        leak: str | None = None

    with pytest.raises(TypeError, match=r"Careless\.leak: declare it with `seen`"):
        Careless(leak="x").shown_to(Audience.AUTHORITY)


def test_a_passage_is_found_behind_what_surrounds_it() -> None:
    assert passage_in(tuple[Measure, ...] | None) is Measure
    assert passage_in(tuple[str, ...] | None) is None
