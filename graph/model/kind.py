"""What every kind of thing in the thread is: a frozen Pydantic class with named, typed properties.

Each family file declares its kinds as subclasses of `Kind`; declaring one is all that is needed for
it to be validated, stored, queried and documented. See `graph.model.ontology` for the registry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue
from pydantic_core import core_schema

from graph.model.alias import Alias

RESERVED: Final = frozenset(
    {
        "utcs", "kind", "n", "born", "gaps", "valid_from", "valid_to", "recorded_at",
        "superseded_at", "made", "ended", "off", "slot", "stale_at", "hash", "version", "was",
        "merged_into", "reviewed",
    }
)  # fmt: skip
"""Property names that the store keeps for itself on anchors, versions and links."""

MAX_DIGITS: Final = 15
"""Decimals up to this many significant digits survive IEEE 754 binary64 and back, exactly."""

MAX_WHOLE: Final = 2**53
"""Whole numbers from here on do not survive every reader of JSON (RFC 8785 §3.2.2.3)."""

MAX_DEPTH: Final = 32
"""How deep `extra` may be nested."""

MAX_NUMERAL: Final = 100
"""Numerals longer than this are refused unread."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_NUMERAL = re.compile(r"([-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,4})?)\s*([^\s0-9].*)?\Z")


@dataclass(frozen=True, slots=True)
class Unit:
    """Marks a quantity with the unit that its property name ends in; "" is no fixed unit."""

    symbol: str


@dataclass(frozen=True, slots=True)
class Searchable:
    """Marks text that full-text search looks into."""


@dataclass(frozen=True, slots=True)
class Quantity(Unit):
    """Reads a decimal in one fixed unit; made by `quantity`."""

    ge: Decimal | None = None
    le: Decimal | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Returns the validation: the unit first, then the bounds, then the exactness."""
        bounded = core_schema.decimal_schema(ge=self.ge, le=self.le)
        return core_schema.chain_schema(
            [
                core_schema.no_info_plain_validator_function(self._read),
                bounded,
                core_schema.no_info_plain_validator_function(_exact),
            ],
            serialization=core_schema.plain_serializer_function_ser_schema(
                _numeral, when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """Returns the JSON Schema: a number, or a numeral that may name the unit."""
        number: dict[str, Any] = {"type": ["number", "string"]}
        if self.ge is not None:
            number["minimum"] = float(self.ge)
        if self.le is not None:
            number["maximum"] = float(self.le)
        unit = f"( *{re.escape(self.symbol)})?" if self.symbol else ""
        number["pattern"] = rf"^[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?{unit}$"
        return number | ({"x-unit": self.symbol} if self.symbol else {})

    def _read(self, value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
            raise ValueError(f"{value!r:.80} is not a number{self._in_unit}")
        if not isinstance(value, str):
            return Decimal(str(value))
        found = _NUMERAL.match(value.strip()) if len(value) <= MAX_NUMERAL else None
        if found is None:
            raise ValueError(f"{value!r:.80} is not a number{self._in_unit}")
        if found[2] and found[2].startswith(","):
            raise ValueError(
                f"{value!r} has a comma: decimals take a point, as in 1.5, and thousands no mark"
            )
        if found[2] not in (None, self.symbol):
            raise ValueError(
                f"{value!r} is in {found[2]}, but this property is"
                f"{self._in_unit or ' without a unit'}: convert it"
            )
        return Decimal(found[1])

    @property
    def _in_unit(self) -> str:
        return f" in {self.symbol}" if self.symbol else ""


def _exact(value: Decimal) -> Decimal:
    """Returns the one spelling of a decimal that a binary64 can hold and give back."""
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"{value!s:.30} has more than {MAX_DIGITS} significant digits: round it")
    if Decimal(repr(float(value))) != value:
        raise ValueError(f"{value:.3E} is too large or too small to store: change the unit")
    return value.normalize() + 0  # + 0 turns -0 into 0, which must not hash differently


def _numeral(value: Decimal) -> str:
    """Returns the canonical spelling of a decimal: no exponent, no trailing zeros."""
    return format(value, "f")


def plain(value: Decimal) -> str:
    """Returns a number as people write it: 2400, not 2.4E+3."""
    return f"{value.normalize():f}"


def quantity(unit: str = "", *, ge: float | None = None, le: float | None = None) -> Quantity:
    """Makes the mark of a decimal in one fixed unit: `Annotated[Decimal, quantity("kg", ge=0)]`.

    Accepts a number, a numeral, or a numeral followed by that unit; another unit is refused.
    Without a unit, the thing names it in another property, such as `unit_of_measure`.
    """
    low, high = (None if bound is None else Decimal(str(bound)) for bound in (ge, le))
    return Quantity(unit, low, high)


Count = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
"""A whole number that GraphQL's Int can carry."""

Amount = Annotated[Decimal, quantity()]
"""A decimal whose unit another property names."""

Kilograms = Annotated[Decimal, quantity("kg", ge=0)]
Hours = Annotated[Decimal, quantity("h", ge=0)]
FlightHours = Annotated[Decimal, quantity("FH", ge=0)]
FlightCycles = Annotated[Decimal, quantity("FC", ge=0)]
Days = Annotated[Decimal, quantity("days", ge=0)]
Percent = Annotated[Decimal, quantity("percent", ge=0, le=100)]
Euros = Annotated[Decimal, quantity("EUR")]

Name = Annotated[str, Field(min_length=1, max_length=300, pattern=r"\S"), Searchable()]
Line = Annotated[str, Field(min_length=1, max_length=300, pattern=r"\S")]
Code = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")]
Number = Annotated[Code, Searchable()]
"""What is printed on a thing or paper, so that people look for it: a number, a registration."""

Text = Annotated[str, Field(min_length=1, max_length=100_000), Searchable()]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Lines = Annotated[tuple[Line, ...], Field(max_length=1000)]


def _written(value: Any) -> Any:
    if type(value) is date or (isinstance(value, str) and _DAY.match(value)):
        return value
    raise ValueError(f"{value!r:.80} is not a date; write it as YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(_written)]
"""A calendar day; numbers and instants are not taken for one."""


def _kept(value: Any, depth: int = 0) -> Any:
    """Returns JSON in which every number is one that all readers of JSON agree on."""
    if isinstance(value, dict | list):
        if depth == MAX_DEPTH:
            raise ValueError(f"is nested deeper than {MAX_DEPTH}; flatten it")
        if isinstance(value, dict):
            return {name: _kept(item, depth + 1) for name, item in value.items()}
        return [_kept(item, depth + 1) for item in value]
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(f"{value} is not a number; leave it out")
        return repr(value)
    if isinstance(value, int) and abs(value) >= MAX_WHOLE:
        return str(value)
    return value


Extra = Annotated[dict[str, JsonValue], BeforeValidator(_kept)]
"""JSON as it came, but for numbers that are not small and whole, which become their numerals."""


class Kind(BaseModel):
    """The base of all kinds: what anything in the thread may carry."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    kind: ClassVar[str]
    """The lower-case word in the identifier: the class name in lower case."""

    family: ClassVar[str]
    """The file that declares the kind: engineering, change, maintenance, …"""

    name: Name = Field(description="What people call it; one line.")
    description: Text | None = Field(default=None, description="What it is, in prose.")
    aliases: tuple[Alias, ...] = Field(
        default=(),
        max_length=50,
        description="Its ids in other systems, each written `scheme:value`.",
    )
    extra: Extra = Field(
        default_factory=dict,
        description="Attributes of the source that the ontology does not name, kept word for word.",
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.kind = cls.__name__.lower()
        cls.family = cls.__module__.rpartition(".")[2]
        if clash := RESERVED & cls.model_fields.keys():
            raise TypeError(f"{cls.__name__}: the store keeps {sorted(clash)} for itself; rename")
