"""The UTCS identifier: who issued it, what kind of thing it names, and the issuer's own number.

`utcs:<authority>:<kind>:<local>`, printed with a check character that catches every single wrong
character and every swap of two neighbours: `utcs:AMPEL360:serial:FC-00042~5`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from graph.errors import TraceError

SYMBOLS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:"
"""The symbols an identifier is written in; the value of each is its place, A = 0 to : = 65."""

MODULUS: Final = 67
"""The smallest prime above the number of symbols; the 67th check value is written `*`."""

RADIX: Final = 2
"""Each place to the left weighs twice as much."""

MAX_LENGTH: Final = len("utcs:") + 16 + 1 + 32 + 1 + 64
"""The most characters an identifier has, without its check character."""

PATTERN: Final = (
    r"^utcs:[A-Z0-9]{2,16}:[a-z][a-z0-9]{0,31}:[A-Za-z0-9._-]{1,64}(~[A-Za-z0-9._:*-])?$"
)
"""The written form, for JSON Schema; the check character itself is verified on parsing."""

_CHECK_SYMBOLS: Final = SYMBOLS + "*"
_VALUES: Final = {symbol: value for value, symbol in enumerate(SYMBOLS)}
_FORM: Final = re.compile(
    r"utcs:([A-Z0-9]{2,16}):([a-z][a-z0-9]{0,31}):([A-Za-z0-9._-]{1,64})(?:~(.))?", re.DOTALL
)
_VERSION: Final = re.compile(r"[1-9][0-9]{0,17}")
_SHOWN: Final = 80
_LOCAL_LENGTH: Final = 64
_FOREIGN: Final = re.compile(r"[^A-Za-z0-9._-]+")
_set = object.__setattr__


class _Part(NamedTuple):
    name: str
    least: int
    most: int
    alphabet: str
    allowed: re.Pattern[str]


_PARTS: Final = (
    _Part("authority", 2, 16, "A–Z 0–9", re.compile("[A-Z0-9]")),
    _Part("kind", 1, 32, "a–z 0–9", re.compile("[a-z0-9]")),
    _Part("local", 1, 64, "A–Z a–z 0–9 . _ -", re.compile("[A-Za-z0-9._-]")),
)


class IdentifierError(TraceError):
    """A text is not an identifier; the sentence says which part is wrong and how to mend it.

    Attributes:
        part: `prefix`, `authority`, `kind`, `local`, `check` or `version`.
    """

    part: str


@dataclass(frozen=True, slots=True)
class Utcs:
    """The identifier of one thing. Equal ids are equal texts, and ids sort as their texts do.

    Attributes:
        authority: Who issued it: 2–16 of A–Z 0–9.
        kind: What it names: a kind of the ontology, in lower case.
        local: The issuer's own number: 1–64 of A–Z a–z 0–9 . _ -
    """

    authority: str
    kind: str
    local: str

    def __post_init__(self) -> None:
        found = _FORM.fullmatch(text := str(self))
        if found is None or found.groups() != (self.authority, self.kind, self.local, None):
            raise _explain(text)

    @classmethod
    def parse(cls, text: str, *, kinds: Collection[str] | None = None) -> Utcs:
        """Returns the identifier written in `text`, with or without its check character.

        Args:
            text: Exactly one identifier; nothing around it, not even a space.
            kinds: When given, the kinds that are allowed.

        Raises:
            IdentifierError: The text has another form, or the check character does not fit.
        """
        found = _FORM.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise _explain(text)
        authority, kind, local, check = found.groups()
        if kinds is not None and kind not in kinds:
            raise _unknown_kind(text, kind, kinds)
        utcs = object.__new__(cls)  # the pattern has checked what __post_init__ would check again
        _set(utcs, "authority", authority)
        _set(utcs, "kind", kind)
        _set(utcs, "local", local)
        if check is not None:
            _verify(utcs, check)
        return utcs

    @property
    def checked(self) -> str:
        """The form for people and labels, with the check character after `~`."""
        return f"{self}~{check_character(str(self))}"

    def __str__(self) -> str:
        return f"utcs:{self.authority}:{self.kind}:{self.local}"

    def __lt__(self, other: Utcs) -> bool:
        return str(self) < str(other) if isinstance(other, Utcs) else NotImplemented

    def __le__(self, other: Utcs) -> bool:
        return str(self) <= str(other) if isinstance(other, Utcs) else NotImplemented

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.to_string_ser_schema(when_used="always")
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "title": "UTCS identifier",
            "pattern": PATTERN,
            "maxLength": MAX_LENGTH + 2,
            "examples": ["utcs:AMPEL360:serial:FC-00042"],
        }


@dataclass(frozen=True, slots=True)
class VersionRef:
    """One version of a thing: `utcs:…@n`, or `utcs:…~C@n` for people.

    The check character stands before the `@`, because it protects the identifier, which is what
    people copy; a thing's check character is then the same for all of its versions.

    Attributes:
        utcs: The thing.
        n: Which of its recordings, from 1.
    """

    utcs: Utcs
    n: int

    def __post_init__(self) -> None:
        if not isinstance(self.n, int) or _VERSION.fullmatch(str(self.n)) is None:
            raise _bad_version(str(self.utcs), str(self.n))

    @classmethod
    def parse(cls, text: str) -> VersionRef:
        """Returns the version that `text` refers to.

        Raises:
            IdentifierError: The identifier is wrong, or `@` and a number are not there.
        """
        if not isinstance(text, str):
            raise _explain(text)
        utcs, _, n = text.rpartition("@")
        if not utcs or _VERSION.fullmatch(n) is None:
            raise _bad_version(text, n if utcs else "")
        return cls(Utcs.parse(utcs), int(n))

    @property
    def checked(self) -> str:
        """The form for people: `utcs:AMPEL360:serial:FC-00042~5@3`."""
        return f"{self.utcs.checked}@{self.n}"

    def __str__(self) -> str:
        return f"{self.utcs}@{self.n}"


def check_character(text: str) -> str:
    """Returns the check character of a plain identifier (no `~`).

    A pure system in the manner of ISO/IEC 7064 clause 6: with values a, weights 2^(i-1) counted
    from the right and the check character at i = 1, the weighted sum is congruent to 1 modulo 67.
    67 is prime and no weight is a multiple of it, so one wrong symbol always changes the sum; two
    neighbouring weights differ by 2^(i-1), so swapping two different neighbours does too.

    Raises:
        IdentifierError: A character is not among `SYMBOLS`, or the text is too long.
    """
    total = 0
    if len(text) > MAX_LENGTH:
        raise _error("local", text, f"has {len(text)} characters, at most {MAX_LENGTH} are allowed")
    try:
        for symbol in text:
            total = (total + _VALUES[symbol]) * RADIX
    except KeyError:
        foreign = next(symbol for symbol in text if symbol not in _VALUES)
        raise _error("local", text, f"{named(foreign)} has no check value; leave it out") from None
    return _CHECK_SYMBOLS[(1 - total) % MODULUS]


def shown(text: str) -> str:
    """Returns foreign text as a message may show it: quoted, in ASCII, and short."""
    if len(text) <= _SHOWN:
        return ascii(text)
    return f"{text[:_SHOWN]!a}… ({len(text)} characters)"


def named(symbol: str) -> str:
    """Returns a character as a message may show it, so that look-alikes are told apart."""
    if symbol.isascii() and symbol.isprintable():
        return f"{symbol!r}"
    name = unicodedata.name(symbol, "a control character")
    return f"{symbol!a} (U+{ord(symbol):04X}, {name})"


def _validated(value: Any) -> Utcs:
    if isinstance(value, Utcs):
        return value
    try:
        return Utcs.parse(value)
    except IdentifierError as error:  # Pydantic collects ValueError, with the field's name
        raise ValueError(error.message) from error


def _verify(utcs: Utcs, given: str) -> None:
    expected = check_character(str(utcs))
    if given != expected:
        raise _error(
            "check",
            f"{utcs}~{given}",
            f"check character {named(given)} given, {expected!r} expected: one of the characters "
            "is likely mistyped; compare with the source",
        )


def _error(part: str, text: str, problem: str) -> IdentifierError:
    return IdentifierError(f"identifier {shown(text)}: {problem}", part=part)


def _bad_version(text: str, n: str) -> IdentifierError:
    problem = f"version {shown(n)} must be a whole number from 1" if n else "no version is named"
    return _error("version", text, f"{problem}; write it at the end, as in utcs:…@3")


def _unknown_kind(text: str, kind: str, kinds: Collection[str]) -> IdentifierError:
    near = get_close_matches(kind, kinds, n=1)
    fix = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(sorted(kinds))}"
    return _error("kind", text, f"{kind!r} is no kind; {fix}")


def _explain(text: object) -> IdentifierError:
    """Returns the error for a text that is no identifier, naming the first part that is wrong."""
    if not isinstance(text, str):
        return IdentifierError(
            f"identifier: text is needed, not {type(text).__name__}", part="prefix"
        )
    if text[:1].isspace() or text[-1:].isspace():
        return _error("prefix", text, "there is white space around it; remove it")
    if not text.startswith("utcs:"):
        return _error("prefix", text, "it must begin with 'utcs:', in lower case")
    body, tilde, check = text.partition("~")
    if tilde and len(check) != 1:
        return _error("check", text, "exactly one character must follow '~', or leave both out")
    values = body.split(":", 4)[1:]
    missing = [part.name for part in _PARTS[len(values) :]]
    if missing:
        form = "write utcs:authority:kind:local"
        return _error(missing[0], text, f"{' and '.join(missing)} missing; {form}")
    if len(values) > len(_PARTS):
        return _error("local", text, "there is a ':' too many; three are allowed")
    problems = (
        (part.name, _problem(part, value)) for part, value in zip(_PARTS, values, strict=True)
    )
    found = (_error(name, text, problem) for name, problem in problems if problem)
    return next(found, _error("local", text, "parts are plain text, with no check character"))


def _problem(part: _Part, value: str) -> str | None:
    """Returns what is wrong with one part and the fix, or None."""
    if not value:
        return f"{part.name} is empty; it needs {part.least} to {part.most} of {part.alphabet}"
    if not part.least <= len(value) <= part.most:
        return f"{part.name} has length {len(value)}; {part.least} to {part.most} is allowed"
    foreign = next((symbol for symbol in value if not part.allowed.fullmatch(symbol)), None)
    if foreign is not None:
        return f"{part.name} {shown(value)} contains {named(foreign)}; use only {part.alphabet}"
    if part.name == "kind" and value[0].isdigit():
        return f"kind {value!r} must begin with a letter"
    return None


def local_part(foreign: str) -> str:
    """Returns a foreign id as the local part of an identifier: as it is, if it fits.

    Otherwise what fits of it is followed by a hash of all of it, so that two ids stay two.
    """
    if 0 < len(foreign) <= _LOCAL_LENGTH and not _FOREIGN.search(foreign):
        return foreign
    digest = hashlib.sha256(foreign.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    readable = _FOREIGN.sub("-", foreign).strip("-")[: _LOCAL_LENGTH - len(digest) - 1]
    return f"{readable}-{digest}" if readable else digest
