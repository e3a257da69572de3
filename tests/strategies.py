"""Hypothesis strategies for the value types that all tests share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import settings
from hypothesis import strategies as st

from graph.model.alias import Alias
from graph.model.alias.gs1 import check_digit
from graph.model.identifier import Utcs, VersionRef
from graph.model.time import FAR, to_micros

# How fast a machine is on a busy day is no promise of the product.
settings.register_profile("utcs", deadline=None)
settings.load_profile("utcs")

UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
WORD = UPPER + DIGITS
CAGE = WORD.replace("I", "").replace("O", "")
GS1 = "!\"%&'()*+,-./:;<=>?_" + WORD + UPPER.lower()

EARLIEST = to_micros(datetime.min.replace(tzinfo=UTC))

hashes = st.binary(min_size=32, max_size=32)
micros = st.integers(EARLIEST, FAR)
offsets = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.builds(
    lambda since, zone: (datetime(2000, 1, 1, tzinfo=UTC) + since).astimezone(zone),
    st.timedeltas(timedelta(days=-730_000), timedelta(days=2_900_000)),
    offsets | st.just(UTC),
)
"""Aware moments in any offset, from year 1 to 9939."""


def words(alphabet: str, least: int, most: int) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=least, max_size=most)


def utcs_ids(*kinds: str) -> st.SearchStrategy[Utcs]:
    """Any identifier, or any of the given kinds."""
    kind = (
        st.sampled_from(kinds) if kinds else st.from_regex(r"[a-z][a-z0-9]{0,31}", fullmatch=True)
    )
    return st.builds(Utcs, words(WORD, 2, 16), kind, words(WORD + UPPER.lower() + "._-", 1, 64))


def version_refs() -> st.SearchStrategy[VersionRef]:
    return st.builds(VersionRef, utcs_ids(), st.integers(1, 10**18 - 1))


def checked_digits(length: int) -> st.SearchStrategy[str]:
    """Digits that end in their GS1 check digit."""
    return words(DIGITS, length - 1, length - 1).map(lambda body: body + check_digit(body))


def _joined(*parts: st.SearchStrategy[str], by: str) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(by.join)


_SERIAL = words(WORD + "/-", 1, 20)
_NUMBER = st.integers(0, 10**18).map(str)

ALIAS_VALUES: dict[str, st.SearchStrategy[str]] = {
    "sgtin": _joined(checked_digits(14), words(GS1, 1, 20), by="/"),
    "lgtin": _joined(checked_digits(14), words(GS1, 1, 20), by="/"),
    "gtin": checked_digits(14),
    "sgln": checked_digits(13)
    | _joined(checked_digits(13), words(GS1, 1, 20).filter(lambda text: text != "0"), by="/"),
    "sscc": checked_digits(18),
    "grai": _joined(checked_digits(13), words(GS1, 1, 16), by="/"),
    "giai": _joined(words(DIGITS, 4, 4), words(GS1, 1, 26), by=""),
    "dmc": st.from_regex(
        r"[0-9A-Z]{4,14}-[0-9A-Z]{1,4}-[0-9A-Z]{2,3}-[0-9A-Z]{2}-([0-9A-Z]{2}){1,2}"
        r"-[0-9A-Z]{3,5}-[0-9A-Z]{4}-[ABCDT](-[HT][0-9A-Z]{2}[A-E])?",
        fullmatch=True,
    ),
    "dpp": st.from_regex(r"DPP(-[0-9A-Z]{1,20}){1,6}", fullmatch=True),
    "cage-serial": _joined(words(CAGE, 5, 5), _SERIAL, by="/"),
    "registration": st.from_regex(
        r"(?!(N|JA|HL|UK|YV)-)[0-9A-Z]{1,3}-[0-9A-Z]{1,5}|N[1-9][0-9]{0,4}|JA[0-9A-Z]{4}|HL[0-9]{4}",
        fullmatch=True,
    ),
    "msn": _NUMBER | st.from_regex(r"[A-L][0-9A-Z]{1,8}-[0-9]{1,9}", fullmatch=True),
    "iso15459": _joined(st.just("D"), words(CAGE, 5, 5), words(WORD, 1, 44), by="")
    | _joined(st.just("UN"), words(DIGITS, 9, 9), words(WORD, 1, 39), by="")
    | _joined(st.just("LE"), words(WORD, 3, 48), by=""),
    "erp": _NUMBER | st.from_regex(r"[A-Z][0-9A-Z._/+#-]{0,39}", fullmatch=True),
    "url": st.from_regex(
        r"https?://[a-z]{1,20}(:8[0-9]{3})?/[0-9A-Za-z.?=/-]{0,40}", fullmatch=True
    ),
    "uri": st.from_regex(r"urn:[a-z]{2,9}:[0-9A-Za-z:._-]{1,40}", fullmatch=True),
    "reqif": st.from_regex(r"[0-9A-Z_a-z][0-9A-Za-z._-]{0,60}", fullmatch=True),
}
"""Canonical values of every scheme."""


def aliases(*schemes: str) -> st.SearchStrategy[Alias]:
    """Any alias, or any of the given schemes."""
    return st.sampled_from(schemes or tuple(ALIAS_VALUES)).flatmap(
        lambda scheme: st.builds(Alias, st.just(scheme), ALIAS_VALUES[scheme])
    )
