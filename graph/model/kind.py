"""What every kind of thing in the thread is: a frozen Pydantic class with named, typed properties.

Each family file declares its kinds as subclasses of `Kind`; declaring one is all that is needed for
it to be validated, stored, queried and documented. See `graph.model.ontology` for the registry.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue
from pydantic.functional_validators import AfterValidator

from graph.model.alias import Alias

RESERVED: Final = frozenset(
    {
        "utcs", "kind", "n", "born", "gaps", "valid_from", "valid_to", "recorded_at",
        "superseded_at", "made", "ended", "off", "slot", "stale_at", "hash", "version",
    }
)  # fmt: skip
"""Property names that the store keeps for itself on anchors, versions and links."""

MAX_DIGITS: Final = 15
"""Decimals up to this many significant digits survive IEEE 754 binary64 and back, exactly."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Marks a quantity with the unit that its property name ends in."""

    symbol: str


@dataclass(frozen=True, slots=True)
class Searchable:
    """Marks text that full-text search looks into."""


def _number_in(unit: str) -> Callable[[Any], Any]:
    written = re.compile(r"\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*([^\s\d].*?)?\s*\Z")

    def read(value: Any) -> Any:
        if isinstance(value, float):
            return Decimal(repr(value))
        if not isinstance(value, str):
            return value
        found = written.match(value)
        if found is None:
            raise ValueError(f"{value!r} is not a number of {unit}")
        if found[2] not in (None, unit):
            raise ValueError(
                f"{value!r} is in {found[2]}, but this property is in {unit}: convert it"
            )
        return found[1]

    return read


def _exact(value: Decimal) -> Decimal:
    try:
        digits = len(value.normalize().as_tuple().digits)
    except InvalidOperation:
        digits = MAX_DIGITS + 1
    if not value.is_finite() or digits > MAX_DIGITS:
        raise ValueError(f"{value} has more than {MAX_DIGITS} significant digits: round it")
    return value.normalize()


def quantity(unit: str, *, ge: float | None = None, le: float | None = None) -> Any:
    """Makes the type of a decimal quantity in one fixed unit: `mass_kg: quantity("kg", ge=0)`.

    Accepts a number, a numeral, or a numeral followed by that unit; another unit is refused.
    """
    return Annotated[
        Decimal,
        BeforeValidator(_number_in(unit)),
        AfterValidator(_exact),
        Field(ge=ge, le=le),
        Unit(unit),
    ]


Count = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
"""A whole number that GraphQL's Int can carry."""

Name = Annotated[str, Field(min_length=1, max_length=300), Searchable()]
Line = Annotated[str, Field(min_length=1, max_length=300)]
Code = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")]
Text = Annotated[str, Field(min_length=1, max_length=100_000), Searchable()]


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
    extra: dict[str, JsonValue] = Field(
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
