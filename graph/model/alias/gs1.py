"""GS1 keys: trade items, serials and lots, places, shipments, returnable and individual assets.

A key is written as an element string (GS1 General Specifications §3), as a GS1 Digital Link
(GS1 Digital Link Standard: URI Syntax §4) or as an EPC URN (GS1 EPC Tag Data Standard §6.3). Only
the URN tells where the company prefix ends, so the canonical value is the key without that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote

from graph.model.alias.scheme import Parts, Scheme, UnfitError

_CHARACTER: Final = r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]"""  # General Specifications §7.11, set 82
_BRACKETED: Final = rf"(?:(?!\()(?:{_CHARACTER})|\\\()"  # '(' is written '\(' between brackets
_URN_CHARACTER: Final = r"(?:[!'()*+,\-.0-9:;=A-Z_a-z]|%[0-9A-Fa-f]{2})"
_IN_URN: Final = {ord(c): f"%{ord(c):02X}" for c in '"%&/<>?'}  # Tag Data Standard, Table A-1
_RESOLVER: Final = r"https?://[^/?#\s]+(?:/[^/?#\s]+)*?"
_QUERY: Final = r"(?:[?#][!-~]*)?"


@dataclass(frozen=True, slots=True)
class _Key:
    """How one GS1 key is built: digits that end in a check digit, then perhaps a serial component.

    Attributes:
        scheme: The scheme's name, which EPC URNs use too.
        key: What the digits are called.
        ai: Application identifier of the digits.
        digits: How many there are.
        form: How the canonical value is written, in words.
        example: A canonical value.
        urn: What stands in the EPC URN before the company prefix.
        leads: Whether the first digit of the URN's reference stands before the company prefix.
        serial: What the serial component is called; empty where there is none.
        serial_ai: Its application identifier; empty where it follows the digits directly.
        most: The most characters of the serial component.
        open_end: What the URN ends in when the serial component is absent; empty if it must be there.
        filler: A fixed digit before the others in element strings.
    """

    scheme: str
    key: str
    ai: str
    digits: int
    form: str
    example: str
    urn: str
    leads: bool = False
    serial: str = ""
    serial_ai: str = ""
    most: int = 20
    open_end: str = ""
    filler: str = ""

    def forms(self) -> tuple[re.Pattern[str], ...]:
        """Returns the patterns of every written form, the canonical value first."""
        digits = rf"(?P<key>\d{{{self.digits}}})"
        short = r"(?P<key>\d{8}|\d{12,14})" if self.key == "gtin" else digits
        plain = self._serial("serial", _CHARACTER)
        bracketed = self._serial("bracketed", _BRACKETED)
        in_link = self._serial("escaped", r"[^/?#\s]")
        in_urn = self._serial("escaped", _URN_CHARACTER)
        ai, serial_ai, between = self.ai, self.serial_ai, "/" if self.serial_ai else ""
        qualifiers = r"(?:/(?:22|10)/[^/?#\s]+)*" if serial_ai == "21" else ""

        value = short + self._tail(f"/{plain}")
        opening = rf"\({serial_ai}\)" if serial_ai else ""
        element = rf"\({ai}\){self.filler}{digits}" + self._tail(opening + bracketed)
        scanned = ai + self.filler + digits + self._tail(serial_ai + plain)
        link = f"{_RESOLVER}/{ai}/{self.filler}{short}{qualifiers}"
        link += self._tail(f"{between}{serial_ai}{between}{in_link}") + _QUERY
        urn = rf"urn:epc:{self.urn}:(?P<prefix>\d{{6,12}})\.(?P<reference>\d{{0,11}})"
        urn += rf"\.{in_urn}" if self.serial else re.escape(self.open_end)
        return tuple(re.compile(f, re.ASCII) for f in (value, element, scanned, link, urn))

    def _serial(self, name: str, character: str) -> str:
        return f"(?P<{name}>{character}{{1,{3 * self.most}}})"

    def _tail(self, pattern: str) -> str:
        if not self.serial:
            return ""
        return f"(?:{pattern})?" if self.open_end else pattern

    def settle(self, found: Parts) -> Parts:
        """Returns the verified digits and the serial component under their own names."""
        digits = found["key"].zfill(self.digits) if "key" in found else self._joined(found)
        expected = check_digit(digits[:-1])
        if digits[-1] != expected:
            raise UnfitError(
                f"has check digit {digits[-1]}, but {expected} is expected: "
                "a digit is likely mistyped; compare with the label"
            )
        serial = _unescaped(found)
        if not serial or f".{serial}" == self.open_end:
            return {self.key: digits}
        if re.fullmatch(f"{_CHARACTER}{{1,{self.most}}}", serial) is None:
            raise UnfitError(
                f"has a {self.serial} that is not 1–{self.most} of GS1 character set 82"
            )
        return {self.key: digits, self.serial: serial}

    def _joined(self, found: Parts) -> str:
        """Returns the digits of a URN in the order of the key, with the check digit added."""
        prefix, reference = found["prefix"], found["reference"]
        if len(prefix + reference) != self.digits - 1:
            raise UnfitError(
                f"has {len(prefix + reference)} digits in company prefix and reference; "
                f"{self.digits - 1} are needed"
            )
        body = reference[0] + prefix + reference[1:] if self.leads else prefix + reference
        return body + check_digit(body)

    def value(self, parts: Parts) -> str:
        """Returns the canonical value."""
        return parts[self.key] + (f"/{parts[self.serial]}" if self.serial in parts else "")

    def printed(self, parts: Parts) -> str:
        """Returns the element string with its application identifiers in brackets."""
        serial = parts.get(self.serial, "").replace("(", r"\(")
        separator = f"({self.serial_ai})" if serial and self.serial_ai else ""
        return f"({self.ai}){self.filler}{parts[self.key]}{separator}{serial}"

    def epc(self, parts: Parts, cut: int) -> str:
        """Returns the EPC URN for a company prefix of `cut` digits."""
        body = parts[self.key][:-1]
        lead, body = (body[:1], body[1:]) if self.leads else ("", body)
        serial = parts.get(self.serial, "").translate(_IN_URN)
        end = f".{serial}" if serial else self.open_end
        return f"urn:epc:{self.urn}:{body[:cut]}.{lead}{body[cut:]}{end}"

    def as_scheme(self) -> Scheme:
        """Returns the key as a scheme of aliases."""
        return Scheme(
            name=self.scheme,
            source=f"GS1 General Specifications §3, AI ({self.ai})",
            form=self.form,
            example=self.example,
            forms=self.forms(),
            settle=self.settle,
            value=self.value,
            printed=self.printed,
            upper=False,
        )


_SERIALISED = _Key(
    scheme="sgtin",
    key="gtin",
    ai="01",
    digits=14,
    form="it is a GTIN, '/' and a serial of 1–20 characters",
    example="10614141073464/2017",
    urn="id:sgtin",
    leads=True,
    serial="serial",
    serial_ai="21",
)
_KEYS: Final = (
    _SERIALISED,
    replace(
        _SERIALISED,
        scheme="lgtin",
        form="it is a GTIN, '/' and a lot of 1–20 characters",
        example="04012345123456/998877",
        urn="class:lgtin",
        serial="lot",
        serial_ai="10",
    ),
    replace(
        _SERIALISED,
        scheme="gtin",
        form="it is a GTIN of 8, 12, 13 or 14 digits",
        example="10614141073464",
        urn="idpat:sgtin",
        serial="",
        serial_ai="",
        open_end=".*",
    ),
    _Key(
        scheme="sgln",
        key="gln",
        ai="414",
        digits=13,
        form="it is a GLN of 13 digits, for a place inside followed by '/' and its extension",
        example="4012345000023/12",
        urn="id:sgln",
        serial="extension",
        serial_ai="254",
        open_end=".0",
    ),
    _Key(
        scheme="sscc",
        key="sscc",
        ai="00",
        digits=18,
        form="it is 18 digits",
        example="106141412345678908",
        urn="id:sscc",
        leads=True,
    ),
    _Key(
        scheme="grai",
        key="asset_type",
        ai="8003",
        digits=13,
        form="it is an asset type of 13 digits, '/' and a serial of 1–16 characters",
        example="4012345555554/987",
        urn="id:grai",
        serial="serial",
        most=16,
        filler="0",
    ),
)


def check_digit(body: str) -> str:
    """Returns the GS1 check digit of the digits before it (General Specifications §7.9.1)."""
    weighted = sum(int(digit) * (3, 1)[i % 2] for i, digit in enumerate(reversed(body)))
    return str(-weighted % 10)


def _unescaped(found: Parts) -> str:
    """Returns the serial component, however the written form escapes it."""
    if "bracketed" in found:
        return found["bracketed"].replace(r"\(", "(")
    return found.get("serial") or unquote(found.get("escaped", ""))


def _settle_giai(found: Parts) -> Parts:
    asset = found.get("prefix", "") + _unescaped(found)
    if re.fullmatch(rf"\d{{4}}{_CHARACTER}{{1,26}}", asset, re.ASCII) is None:
        raise UnfitError("is not 5–30 of GS1 character set 82 that begin with a company prefix")
    return {"asset": asset}


GIAI: Final = Scheme(
    name="giai",
    source="GS1 General Specifications §3, AI (8004)",
    form="it is a company prefix and an asset reference, 5–30 characters together",
    example="400000112345",
    forms=tuple(
        re.compile(form, re.ASCII)
        for form in (
            rf"(?P<serial>\d{{4}}{_CHARACTER}{{1,26}})",
            rf"\(8004\)(?P<bracketed>\d{{4}}{_BRACKETED}{{1,26}})",
            rf"{_RESOLVER}/8004/(?P<escaped>[^/?#\s]{{1,90}}){_QUERY}",
            rf"urn:epc:id:giai:(?P<prefix>\d{{6,12}})\.(?P<escaped>{_URN_CHARACTER}{{1,90}})",
        )
    ),
    settle=_settle_giai,
    value="{asset}".format_map,
    printed=lambda parts: "(8004)" + parts["asset"].replace("(", r"\("),
    upper=False,
)

KEYS: Final = tuple(key.as_scheme() for key in _KEYS)
"""The schemes with a check digit, as aliases."""

_BY_NAME: Final = {key.scheme: key for key in _KEYS}
EPC_SCHEMES: Final = frozenset({*_BY_NAME, GIAI.name})
"""The names of schemes that have an EPC URN."""


def epc_urn(scheme: str, parts: Parts, company_prefix_digits: int) -> str:
    """Returns the EPC URN of a key, given how many of its digits are the company prefix."""
    if scheme == GIAI.name:
        prefix, rest = (
            parts["asset"][:company_prefix_digits],
            parts["asset"][company_prefix_digits:],
        )
        return f"urn:epc:id:giai:{prefix}.{rest.translate(_IN_URN)}"
    return _BY_NAME[scheme].epc(parts, company_prefix_digits)
