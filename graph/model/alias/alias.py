"""The alias: a thing's id in another system, one canonical value for all its written forms."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from graph.model.alias import aerospace, business, gs1
from graph.model.alias.scheme import MAX_LENGTH, AliasError, Parts, Scheme
from graph.model.identifier import shown

SCHEMES: Final[dict[str, Scheme]] = {
    scheme.name: scheme
    for scheme in (
        *gs1.KEYS,
        aerospace.DMC,
        business.DPP,
        aerospace.CAGE_SERIAL,
        aerospace.REGISTRATION,
        aerospace.MSN,
        gs1.GIAI,
        aerospace.ISO_15459,
        business.ERP,
        business.URL,
        business.URI,
        business.REQIF,
    )
}
"""All schemes by name, the most particular first: `Alias.guess` answers in this order."""

_set = object.__setattr__


@dataclass(frozen=True, slots=True, order=True)
class Alias:
    """An id in another system, in canonical form. Equal aliases are equal keys.

    Attributes:
        scheme: One of `SCHEMES`.
        value: The canonical value of the id in that scheme.
    """

    scheme: str
    value: str

    def __post_init__(self) -> None:
        canonical = _scheme(self.scheme).value(_scheme(self.scheme).read(self.value))
        if canonical != self.value:
            problem = f"is not the canonical value; write {canonical!r}, or use Alias.parse"
            raise _error(self.scheme, self.value, problem)

    @classmethod
    def parse(cls, scheme: str, text: str) -> Alias:
        """Returns the alias that `text` means in the scheme, whichever of its forms it is in.

        Raises:
            AliasError: The scheme is unknown, or the text is no id of it.
        """
        rules = _scheme(scheme)
        alias = object.__new__(cls)  # what the rules write needs no second check
        _set(alias, "scheme", scheme)
        _set(alias, "value", rules.value(rules.read(text)))
        return alias

    @classmethod
    def from_key(cls, key: str) -> Alias:
        """Returns the alias of a key, `scheme:value`.

        Raises:
            AliasError: There is no scheme before a colon, or the value is no id of it.
        """
        if not isinstance(key, str):
            raise _error("", "", f"text is needed, not {type(key).__name__}")
        scheme, colon, value = key.partition(":")
        if not colon:
            raise _error("", key, "names no scheme; write scheme:value, as in dpp:DPP-H2-001")
        return cls.parse(scheme, value)

    @classmethod
    def guess(cls, text: str) -> list[Alias]:
        """Returns every alias that `text` can mean, the most particular first.

        For what people type or scan into a search box; a key means itself only.
        """
        text = text.strip()
        scheme, _, value = text.partition(":")
        if scheme in SCHEMES:
            return _readable(scheme, value)
        return [alias for name in SCHEMES for alias in _readable(name, text)]

    @property
    def parts(self) -> Parts:
        """The named parts of the id, such as `cage` and `serial`."""
        return SCHEMES[self.scheme].read(self.value)

    @property
    def printed(self) -> str:
        """The form that the scheme itself prints, such as `MFR 0AB12 SER FC-00042`."""
        return SCHEMES[self.scheme].printed(self.parts)

    def epc(self, company_prefix_digits: int) -> str:
        """Returns the EPC URN of a GS1 id.

        A GS1 key does not tell how long its company prefix is, but an EPC URN does.

        Raises:
            AliasError: The scheme has no EPC URN, or the length is not 6–12.
        """
        if self.scheme not in gs1.EPC_SCHEMES or not 6 <= company_prefix_digits <= 12:
            fix = f"use one of {', '.join(sorted(gs1.EPC_SCHEMES))} and a company prefix of 6–12 digits"
            raise _error(self.scheme, self.value, f"has no EPC URN; {fix}")
        return gs1.epc_urn(self.scheme, self.parts, company_prefix_digits)

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

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
            "title": "Alias",
            "pattern": f"^({'|'.join(SCHEMES)}):.+$",
            "maxLength": MAX_LENGTH,
            "examples": ["dpp:DPP-H2-001", "cage-serial:0AB12/FC-00042"],
        }


def _scheme(name: str) -> Scheme:
    scheme = SCHEMES.get(name) if isinstance(name, str) else None
    if scheme is None:
        near = get_close_matches(str(name)[:40], SCHEMES, n=1)
        fix = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(SCHEMES)}"
        raise _error(str(name)[:40], "", f"the scheme is unknown; {fix}")
    return scheme


def _readable(scheme: str, text: str) -> list[Alias]:
    try:
        return [Alias.parse(scheme, text)]
    except AliasError:
        return []


def _validated(value: Any) -> Alias:
    if isinstance(value, Alias):
        return value
    try:
        return Alias.from_key(value)
    except AliasError as error:  # Pydantic collects ValueError, with the field's name
        raise ValueError(error.message) from error


def _error(scheme: str, value: str, problem: str) -> AliasError:
    about = " ".join(filter(None, [scheme and f"{scheme}:", value and shown(value)]))
    return AliasError(f"alias {about} {problem}", scheme=scheme, value=value)
