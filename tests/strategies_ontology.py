"""Hypothesis strategies for things, links and events, built from the ontology itself."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from graph.model import ontology
from graph.model.alias import Alias
from graph.model.event import Event
from graph.model.fact import EndLink, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.kind import MAX_DIGITS, Kind, Quantity
from graph.model.link import LinkProperties, LinkType
from graph.model.resources import Person
from tests.strategies import aliases, moments, utcs_ids

MAX_TEXT = 40  # long texts find nothing that these do not, and cost time
TEXT = st.characters(
    exclude_categories=["Cs"],
    exclude_characters=[*"\u202d\u202e", *(chr(c) for c in range(32) if chr(c) not in "\t\n\r")],
)
"""What a record may hold: see `graph.model.strict.find_unfit`."""

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(TEXT, max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(TEXT), inner, max_size=3),
    max_leaves=6,
)


def things(*kinds: str) -> st.SearchStrategy[tuple[Utcs, Kind]]:
    """A thing of any kind, or of the given ones: its identifier and its properties."""
    return st.sampled_from(kinds or tuple(ontology.kinds())).flatmap(
        lambda kind: st.tuples(utcs_ids(kind), of(ontology.get_kind(kind)))
    )


def of(cls: type[Kind] | type[LinkProperties]) -> st.SearchStrategy[Any]:
    """Any instance of a kind or of what a link carries."""
    return _documents(cls).map(cls.model_validate)


def links(*names: str) -> st.SearchStrategy[PutLink]:
    """A link of any type, or of the given ones, between kinds that may stand there."""
    return st.sampled_from(names or tuple(ontology.link_types())).flatmap(
        lambda name: _link(ontology.get_link_type(name))
    )


def events() -> st.SearchStrategy[Event]:
    """Any event that puts things and links and ends links."""
    put = st.builds(
        lambda thing, since: PutNode(utcs=thing[0], properties=thing[1], valid_from=since),
        things(),
        st.none() | moments,
    )
    end = links().map(
        lambda put: EndLink(source=put.source, link=put.link, target=put.target, slot=put.slot)
    )
    words = st.text(TEXT, min_size=1, max_size=20)
    return st.builds(
        lambda facts, **envelope: Event.model_validate(envelope | {"data": {"facts": facts}}),
        facts=st.lists(put | links() | end, min_size=1, max_size=4),
        id=words,
        source=words,
        actor=words,
        time=moments,
        sourcerank=st.integers(0, 99),
        subject=st.none() | utcs_ids(),
    )


def _link(link: LinkType) -> st.SearchStrategy[PutLink]:
    ends = {
        end: utcs_ids(*(kind for kind in ontology.kinds() if ontology.fits(kind, allowed)))
        for end, allowed in (("source", link.sources), ("target", link.targets))
    }
    slot = st.text(TEXT, min_size=1, max_size=9) if link.slotted else st.none()
    carried = _documents(link.properties) if link.properties else st.just({})
    return st.builds(PutLink, link=st.just(link.name), slot=slot, properties=carried, **ends)


@cache
def _documents(cls: type[Kind] | type[LinkProperties]) -> st.SearchStrategy[dict[str, Any]]:
    """Documents that are valid for a class, with any of the optional properties left out."""
    fields = {name: _field(name, field) for name, field in cls.model_fields.items()}
    needed = {name: fields[name] for name, field in cls.model_fields.items() if field.is_required()}
    optional = {name: value for name, value in fields.items() if name not in needed}
    documents = st.fixed_dictionaries(needed, optional=optional)
    if cls is Person:
        return documents.map(lambda person: person | {"name": person["pseudonym"]})
    return documents


def _field(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    if name == "extra":
        return st.dictionaries(st.text(TEXT, max_size=9), json_values, max_size=3)
    return _values(field.annotation, list(field.metadata))


def _values(annotation: Any, marks: list[Any]) -> st.SearchStrategy[Any]:
    """Values of an annotation, within the bounds that its marks set."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        (inner,) = (arm for arm in get_args(annotation) if arm is not type(None))
        return st.none() | _values(inner, marks)
    if hasattr(annotation, "__metadata__"):
        return _values(annotation.__origin__, [*annotation.__metadata__, *marks])
    marks = [part for mark in marks for part in getattr(mark, "metadata", [mark])]
    if origin is tuple:
        return st.lists(_values(get_args(annotation)[0], []), max_size=3).map(tuple)
    return _plain(annotation, marks)


def _plain(cls: type[Any], marks: list[Any]) -> st.SearchStrategy[Any]:
    low: Any = next((mark.ge for mark in marks if isinstance(mark, Ge | Quantity)), None)
    high: Any = next((mark.le for mark in marks if isinstance(mark, Le | Quantity)), None)
    if issubclass(cls, StrEnum):
        return st.sampled_from(cls)
    if cls is Decimal:
        return _decimals(low, high)
    if cls is str:
        return _text(marks)
    others: dict[type[Any], st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        int: st.integers(low, high),
        date: st.dates(),
        datetime: moments,
        Alias: aliases(),
    }
    return others[cls]


def _decimals(low: Decimal | None, high: Decimal | None) -> st.SearchStrategy[Decimal]:
    """Decimals of up to 15 significant digits, some with as many as that."""
    most = 10**MAX_DIGITS - 1
    wide = st.builds(Decimal.scaleb, st.integers(-most, most).map(Decimal), st.integers(-12, 6))
    least = Decimal(-(10**6)) if low is None else low
    greatest = Decimal(10**6) if high is None else high
    near = st.decimals(least, greatest, places=3, allow_nan=False)
    fits = wide.filter(
        lambda value: (low is None or value >= low) and (high is None or value <= high)
    )
    return near | fits


def _text(marks: list[Any]) -> st.SearchStrategy[str]:
    pattern = next((mark.pattern for mark in marks if getattr(mark, "pattern", None)), None)
    least = next((mark.min_length for mark in marks if isinstance(mark, MinLen)), 0)
    most = next((mark.max_length for mark in marks if isinstance(mark, MaxLen)), MAX_TEXT)
    if pattern in (None, r"\S"):
        text = st.text(TEXT, min_size=least, max_size=min(most, MAX_TEXT))
        return text if pattern is None else text.filter(str.strip)
    exact = st.from_regex(pattern, fullmatch=True)
    return exact.filter(lambda text: least <= len(text) <= most and "\x00" not in text)
