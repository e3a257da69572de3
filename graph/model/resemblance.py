"""How much do two records look like one thing? A score that says where each bit of it comes from.

After Fellegi and Sunter, "A Theory for Record Linkage", JASA 64 (1969): a feature that two records of one
thing share with probability m, and records of two things with probability u, weighs log2(m / u) where it
agrees and log2((1 - m) / (1 - u)) where it does not; what agrees in part lies between (Winkler 1990). The
sum is the logarithm of how many times likelier the two are one thing than two, before anything is known
of how many duplicates there are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import log2
from typing import Final

from graph.model.ontology import get_kind

LIKELY: Final = 12.0
"""From this score on, some 4,000 times likelier than not, two records are likely one thing."""

POSSIBLE: Final = 6.0
"""From this score on, some 60 times likelier than not, two records are worth a look."""

_LOOK_ALIKE: Final = str.maketrans("oil", "011")
_WORD: Final = re.compile(r"\w+")


class Verdict(StrEnum):
    """What the score of a pair comes to."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    VETOED = "vetoed"
    """Likely but for one thing, which tells them apart for certain: one maker gave them two numbers."""


Alike = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that two records may share.

    Attributes:
        name: A property, or a link as read from the thing.
        alike: Says how alike two values are, from 0 to 1.
        m: How often two records of one thing agree in it.
        u: How often records of two things agree in it by chance.
        key: The form under which records are brought together to be compared at all, if they are.
        vetoed_with: Features of which one must agree for a difference in this one to tell two things apart.
    """

    name: str
    alike: Alike
    m: float
    u: float
    key: Callable[[str], str] | None = None
    vetoed_with: tuple[str, ...] = ()

    @property
    def agreeing(self) -> float:
        """What full agreement adds to the score."""
        return log2(self.m / self.u)

    @property
    def differing(self) -> float:
        """What full difference takes from it: less than nothing."""
        return log2((1 - self.m) / (1 - self.u))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one feature says of a pair.

    Attributes:
        similarity: From 0 to 1; None where one of the two says nothing.
        weight: What full agreement would have added.
        contribution: What it adds to the score; nothing where one of the two says nothing.
    """

    feature: str
    first: str | None
    second: str | None
    similarity: float | None
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How much two records look like one thing.

    Attributes:
        score: The sum of all contributions.
        veto: Why they are two things all the same; None if nothing says so.
    """

    verdict: Verdict
    score: float
    comparisons: tuple[Comparison, ...]
    veto: str | None


Values = Sequence[str | None]
"""What a record says of each feature of its kind, in their order."""


def same(first: str, second: str) -> float:
    """Says whether two values are equal."""
    return float(first == second)


def bare(code: str) -> str:
    """Returns a number or code without case and punctuation: `p100a` for `P-100/A`."""
    plain = unicodedata.normalize("NFKC", code).casefold()
    return "".join(filter(str.isalnum, plain)) or plain


def code_key(code: str) -> str:
    """Returns a number or code in which characters that are misread for each other are one."""
    return bare(code).translate(_LOOK_ALIKE)


def same_code(first: str, second: str) -> float:
    """Returns 1 for equal codes, less where they differ in punctuation or in look-alikes only, else 0."""
    if first == second:
        return 1.0
    if bare(first) == bare(second):
        return 0.95
    return 0.8 if code_key(first) == code_key(second) else 0.0


def words(text: str) -> frozenset[str]:
    """Returns the words of a text, whatever their case and order."""
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def words_key(text: str) -> str:
    """Returns the words of a text in one order."""
    return " ".join(sorted(words(text)))


def same_words(first: str, second: str) -> float:
    """Returns the share of words in common (Dice 1945); nothing where it is less than half."""
    ours, theirs = words(first), words(second)
    share = 2 * len(ours & theirs) / (len(ours) + len(theirs) or 1)
    return share if share >= 0.5 else float(first == second)


def same_place(first: str, second: str) -> float:
    """Says whether one of two hierarchical numbers lies within the other: 28 and 28-41."""
    return float(f"{first}-".startswith(f"{second}-") or f"{second}-".startswith(f"{first}-"))


def _code(name: str, m: float, u: float, *vetoed_with: str) -> Feature:
    return Feature(name, same_code, m, u, code_key, vetoed_with)


def _text(name: str, m: float, u: float) -> Feature:
    return Feature(name, same_words, m, u, words_key)


def _within(link: str) -> tuple[Feature, ...]:
    """Returns the features of things whose number is one among those of a larger thing."""
    number = _code("number", 0.95, 0.001)
    return number, Feature(link, same, 0.98, 0.01, vetoed_with=("number", "name")), _NAME


def _plain(name: str, m: float, u: float, alike: Alike = same) -> Feature:
    return Feature(name, alike, m, u)


_NAME: Final = _text("name", 0.8, 0.01)

_OF_KIND: Final[dict[str, tuple[Feature, ...]]] = {
    "part": (
        _code("number", 0.95, 0.001, "cage"),
        _plain("cage", 0.9, 0.05),
        _NAME,
        _plain("ata_chapter", 0.9, 0.05, same_place),
        _plain("spec", 0.8, 0.05, same_code),
    ),
    "serial": (
        _code("serial_number", 0.95, 0.001, "cage", "INSTANCE_OF"),
        _plain("cage", 0.9, 0.05),
        _plain("INSTANCE_OF", 0.9, 0.02),
        _plain("manufacturer", 0.8, 0.1, same_words),
        _plain("manufactured_on", 0.9, 0.01),
    ),
    "aircraft": (
        _code("msn", 0.98, 0.001, "manufacturer", "cage", "type_designation"),
        _code("registration", 0.9, 0.001),
        _code("icao_address", 0.95, 0.001),
        _plain("type_designation", 0.9, 0.3, same_words),
        _plain("manufacturer", 0.8, 0.3, same_words),
        _plain("cage", 0.9, 0.3),
    ),
    "supplier": (
        _code("cage", 0.9, 0.0005),
        _code("number", 0.9, 0.001),
        _NAME,
        _plain("city", 0.8, 0.03, same_words),
        _plain("country", 0.95, 0.2),
    ),
    "requirement": (
        _code("number", 0.9, 0.001),
        _text("text", 0.85, 0.001),
        _NAME,
        _plain("level", 0.9, 0.25),
    ),
    "operation": _within("STEP_OF"),
    "modelversion": _within("VERSION_OF"),
}
"""Kinds of which more is known than a number and a name. The probabilities are judged, not measured."""


@cache
def features_of(kind: str) -> tuple[Feature, ...]:
    """Returns what is compared in two things of a kind."""
    if kind in _OF_KIND:
        return _OF_KIND[kind]
    has = get_kind(kind).model_fields
    number = [_code("number", 0.95, 0.001)] if "number" in has else []
    revision = (
        [Feature("revision", same_code, 0.9, 0.2, vetoed_with=("number",))]
        if "revision" in has
        else []
    )
    return (*number, *revision, _NAME)


def keys(kind: str, values: Values) -> Iterator[str]:
    """Yields the keys under which a record is brought together with those that may be the same thing."""
    for feature, value in zip(features_of(kind), values, strict=True):
        if feature.key is not None and value is not None:
            yield f"{feature.name} {feature.key(value)}"


def compare(kind: str, first: Values, second: Values) -> Resemblance:
    """Returns how much two records of a kind look like one thing."""
    features = features_of(kind)
    comparisons = tuple(map(_compared, features, first, second))
    score = round(sum(comparison.contribution for comparison in comparisons), 2)
    veto = next(_vetoes(features, comparisons), None)
    if score >= LIKELY:
        verdict = Verdict.LIKELY if veto is None else Verdict.VETOED
    else:
        is_possible = veto is None and score >= POSSIBLE
        verdict = Verdict.POSSIBLE if is_possible else Verdict.UNLIKELY
    return Resemblance(verdict, score, comparisons, veto)


def _compared(feature: Feature, first: str | None, second: str | None) -> Comparison:
    weight = round(feature.agreeing, 2)
    if first is None or second is None:
        return Comparison(feature.name, first, second, None, weight, 0.0)
    similarity = feature.alike(first, second)
    added = feature.differing + similarity * (feature.agreeing - feature.differing)
    return Comparison(feature.name, first, second, round(similarity, 2), weight, round(added, 2))


def _vetoes(features: Sequence[Feature], comparisons: Sequence[Comparison]) -> Iterator[str]:
    agreeing = {c.feature: c for c in comparisons if c.similarity == 1.0}
    for feature, compared in zip(features, comparisons, strict=True):
        shared = next((name for name in feature.vetoed_with if name in agreeing), None)
        if compared.similarity == 0.0 and shared is not None:
            yield (
                f"{feature.name}: {compared.first} and {compared.second} are two of the same {shared}, "
                f"{agreeing[shared].first}"
            )
