from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from graph.model.alias import SCHEMES, Alias, AliasError
from graph.model.alias.gs1 import EPC_SCHEMES, check_digit
from tests.strategies import ALIAS_VALUES, aliases, checked_digits

# One thing in all forms in which other systems write it.
FORMS = {
    "sgtin:10614141073464/2017": [
        "10614141073464/2017",
        "(01)10614141073464(21)2017",
        "0110614141073464212017",
        "urn:epc:id:sgtin:0614141.107346.2017",
        "https://id.gs1.org/01/10614141073464/21/2017",
        "https://example.com/some/path/01/10614141073464/10/LOT/21/2017?17=271231#x",
    ],
    "sgtin:00614141073467/a/b%": [
        "614141073467/a/b%",
        "0614141073467/a/b%",
        "(01)00614141073467(21)a/b%",
        "urn:epc:id:sgtin:0614141.007346.a%2Fb%25",
        "http://id.gs1.org/01/614141073467/21/a%2fb%25",
    ],
    r"sgtin:10614141073464/A(10)B": [
        r"(01)10614141073464(21)A\(10)B",
        "https://id.gs1.org/01/10614141073464/21/A(10)B",
        "urn:epc:id:sgtin:0614141.107346.A(10)B",
    ],
    "lgtin:04012345123456/998877": [
        "(01)04012345123456(10)998877",
        "urn:epc:class:lgtin:4012345.012345.998877",
        "https://id.gs1.org/01/04012345123456/10/998877",
    ],
    "gtin:04012345666663": [
        "4012345666663",
        "(01)04012345666663",
        "0104012345666663",
        "urn:epc:idpat:sgtin:4012345.066666.*",
        "https://id.gs1.org/01/4012345666663",
    ],
    "sgln:4012345000023": [
        "(414)4012345000023",
        "4144012345000023",
        "urn:epc:id:sgln:4012345.00002.0",
        "https://id.gs1.org/414/4012345000023",
        "urn:epc:id:sgln:401234500002..0",
    ],
    "sgln:4012345000023/12": [
        "(414)4012345000023(254)12",
        "urn:epc:id:sgln:4012345.00002.12",
        "https://id.gs1.org/414/4012345000023/254/12",
    ],
    "sscc:106141412345678908": [
        "(00)106141412345678908",
        "00106141412345678908",
        "urn:epc:id:sscc:0614141.1234567890",
        "https://id.gs1.org/00/106141412345678908",
    ],
    "grai:4012345555554/987": [
        "(8003)04012345555554987",
        "800304012345555554987",
        "urn:epc:id:grai:4012345.55555.987",
        "https://id.gs1.org/8003/04012345555554987",
    ],
    "giai:400000112345": [
        "(8004)400000112345",
        "urn:epc:id:giai:4000001.12345",
        "https://id.gs1.org/8004/400000112345",
    ],
    "cage-serial:0AB12/FC-00042": [
        "0ab12/fc-00042",
        "MFR 0AB12 SER FC-00042",
        "MFR 0AB12/SER FC-00042",
        "MFR 0AB12*SER FC-00042",
        "[)>\x1e12\x1dMFR 0AB12\x1dSER FC-00042\x1e\x04",
        "18S0AB12FC-00042",
        "CAG 0AB12 UCN FC-00042",
    ],
    "iso15459:D0AB12FC00042": ["25SD0AB12FC00042", "d0ab12fc00042"],
    "iso15459:UN043325711MH8031200000000001": ["25SUN043325711MH8031200000000001"],
    "dmc:S1000DBIKE-AAA-DA1-10-00-00AA-251A-A": [
        "DMC-S1000DBIKE-AAA-DA1-10-00-00AA-251A-A",
        "dmc-s1000dbike-aaa-da1-10-00-00aa-251a-a",
        "DMC-S1000DBIKE-AAA-DA1-10-00-00AA-251A-A_009-00_EN-US.XML",
    ],
    "dmc:AMPEL360-A-28-10-0001-00A-826A-T-H10C": ["DMC-AMPEL360-A-28-10-0001-00A-826A-T-H10C"],
    "dpp:DPP-H2-001": ["dpp-h2-001"],
    "erp:12345": ["000000000000012345", "0" * 35 + "12345"],
    "erp:PUMP-100": ["pump-100"],
    "msn:42": ["MSN 0042", "MSN-42", "msn42", "0042"],
    "msn:0": ["000"],
    "registration:EC-QBA": ["ec-qba"],
    "registration:N123AB": ["n123ab", "N-123AB"],
    "url:https://id.example.org/Part/42": ["HTTPS://ID.Example.ORG:0443/Part/42"],
    "url:http://[::1]:8080/?q=1": ["http://[::1]:8080?q=1"],
    "uri:urn:epcglobal:cbv:bt:0614141073467:1152": ["URN:EPCglobal:cbv:bt:0614141073467:1152"],
    "uri:ni:///sha-256;025a?ver=CBV2.0": ["ni:///sha-256;025a?ver=CBV2.0"],
    "reqif:_21afe70a-ac89": ["_21afe70a-ac89"],
}
WRITTEN = [(key, text) for key, texts in FORMS.items() for text in texts]


@pytest.mark.parametrize(("key", "text"), WRITTEN)
def test_every_written_form_means_the_same_alias(key: str, text: str) -> None:
    alias = Alias.from_key(key)

    assert str(alias) == key
    assert Alias.parse(alias.scheme, text) == alias
    assert alias in Alias.guess(f" {text}\n")


def test_every_scheme_is_shown_in_several_forms() -> None:
    assert {key.partition(":")[0] for key in FORMS} == set(SCHEMES) == set(ALIAS_VALUES)


@given(aliases())
def test_alias_is_read_back_from_its_key_and_its_printed_form(alias: Alias) -> None:
    assert Alias.from_key(str(alias)) == alias
    assert Alias.parse(alias.scheme, alias.printed) == alias
    assert Alias.guess(str(alias)) == [alias]
    assert alias.parts


@given(aliases(*EPC_SCHEMES), st.integers(6, 12))
def test_gs1_id_is_read_back_from_its_urn(alias: Alias, digits: int) -> None:
    is_prefixed = alias.value[:digits].isdigit() and len(alias.value) > digits
    assume(alias.scheme != "giai" or is_prefixed)

    assert Alias.parse(alias.scheme, alias.epc(digits)) == alias


@given(
    st.sampled_from(sorted(SCHEMES)),
    st.text(max_size=40) | st.text("DMSRFC0189-/ ().:", max_size=40),
)
def test_what_is_read_from_any_text_is_canonical(scheme: str, text: str) -> None:
    try:
        alias = Alias.parse(scheme, text)
    except AliasError as error:
        assert str(error).isprintable()  # noqa: PT017 - most texts are refused, not all
    else:
        assert Alias(alias.scheme, alias.value) == alias
        assert Alias.parse(scheme, alias.printed) == alias


@given(st.sampled_from([text for _, text in WRITTEN]), st.data())
def test_one_changed_character_is_another_id_or_none(text: str, data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(max_codepoint=0x2FF))

    for alias in Alias.guess(text[:i] + other + text[i + 1 :]):
        assert Alias(alias.scheme, alias.value) == alias


@given(st.sampled_from(["gtin", "sscc"]), st.data())
def test_every_single_wrong_digit_is_caught(scheme: str, data: st.DataObject) -> None:
    digits = data.draw(checked_digits(14 if scheme == "gtin" else 18))

    for i, digit in enumerate(digits):
        for other in set("0123456789") - {digit}:
            with pytest.raises(AliasError, match="a digit is likely mistyped"):
                Alias.parse(scheme, digits[:i] + other + digits[i + 1 :])


def test_check_digit_is_that_of_the_gs1_specification() -> None:
    """The example of GS1 General Specifications §7.9.1."""
    assert check_digit("629104150021") == "3"
    assert check_digit("37610425002123456") == "9"


@pytest.mark.parametrize(
    ("scheme", "text", "said"),
    [
        ("sgtin", "10614141073465/2017", "has check digit 5, but 4 is expected: a digit is likely"),
        ("sgtin", "(01)10614141073464", "it is a GTIN, '/' and a serial of 1–20 characters, as in"),
        ("sgtin", "10614141073464/" + "1" * 21, "serial that is not 1–20 of GS1 character set 82"),
        (
            "sgtin",
            "https://id.gs1.org/01/10614141073464/21/%00",
            "not 1–20 of GS1 character set 82",
        ),
        ("sgtin", "https://id.gs1.org/01/10614141073464/21/%C3%A9", "not 1–20 of GS1"),
        ("sgtin", "(01)10614141073464(21)17(10)AB", "does not fit"),
        ("sgtin", "urn:epc:id:sgtin:0614141.10734.2017", "has 12 digits in company prefix"),
        ("sgtin", "urn:epc:id:sgtin:0614141.107346.a/b", "does not fit"),
        ("gtin", "123456789", "GTIN of 8, 12, 13 or 14 digits"),
        ("gtin", "１0614141073464", "FULLWIDTH DIGIT ONE"),
        ("sscc", "10614141234567890", "it is 18 digits"),
        ("grai", "4012345555554", "a serial of 1–16 characters"),
        ("giai", "12345é", "LATIN SMALL LETTER E WITH ACUTE"),
        ("cage-serial", "0AB1O/1", "5 of 0–9 A–Z without I and O"),
        ("cage-serial", "0AB12/" + "1" * 21, "a serial"),
        ("cage-serial", "0АB12/1", "CYRILLIC CAPITAL LETTER A"),
        ("cage-serial", "MFR 0AB12\x00SER 1", r"'\x00' (U+0000, a control character)"),
        ("iso15459", "D0AB1", "an issuing agency code"),
        ("iso15459", "D0ABI2FC1", "an issuing agency code"),
        ("iso15459", "LE" + "1" * 49, "at most 50"),
        ("dmc", "DMC-S1000DBIKE-AAA-DA1-10-00-00AA-251A", "as in S1000DBIKE-AAA"),
        ("dmc", "DMC-S1000DBIKE-AAA-DA1-10-00-00AA-251A-X", "as in S1000DBIKE-AAA"),
        ("dpp", "DPP", "'DPP' and one to six groups"),
        ("dpp", "DPP-H2-001\n", r"'\n' (U+000A, a control character)"),
        ("erp", "1" * 41, "1–40 of"),
        ("msn", "MSN", "1–20 of"),
        ("registration", "ECQBA", "as painted, with the hyphen"),
        ("registration", "N0123", "as painted"),
        ("registration", "N-SJH", "as painted"),  # no mark of that state; once read as NSJH
        ("url", "ftp://example.org/", "absolute http or https address"),
        ("url", "https://user:secret@example.org/", "without user name"),
        ("url", "https://example.org:70000/", "has port 70000; a port is 1 to 65535"),
        ("url", "https://example.org:0/", "has port 0"),
        ("url", "https://example.org/a b", "absolute http"),
        ("url", "https://example.org/<script>", "absolute http"),
        ("url", "https://еxample.org/", "CYRILLIC SMALL LETTER IE"),
        ("uri", "https://example.org/", "other than http, https and utcs"),
        ("uri", "UTCS:AB:part:1", "other than http, https and utcs"),
        ("uri", "urn:x:%zz", "absolute URI"),
        ("reqif", "", "does not fit"),
        ("reqif", "-x", "does not fit"),
    ],
)
def test_wrong_id_is_refused_with_scheme_value_and_fix(scheme: str, text: str, said: str) -> None:
    with pytest.raises(AliasError, match=re.escape(said)) as caught:
        Alias.parse(scheme, text)

    assert str(caught.value).startswith(f"alias {scheme}: ")
    assert (caught.value.scheme, caught.value.value) == (scheme, text)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@pytest.mark.parametrize("value", ["", " ", "\x00", "\ud800", None, 5, b"x", "é"])
def test_no_scheme_takes_rubbish(scheme: str, value: Any) -> None:
    with pytest.raises(AliasError, match=f"alias {scheme}: "):
        Alias.parse(scheme, value)


def test_unknown_scheme_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        AliasError, match="alias sgtim: the scheme is unknown; did you mean 'sgtin'"
    ):
        Alias.parse("sgtim", "1")
    with pytest.raises(AliasError, match="use one of sgtin, lgtin"):
        Alias.parse("", "1")
    with pytest.raises(AliasError, match="names no scheme; write scheme:value"):
        Alias.from_key("DPP-H2-001")
    with pytest.raises(AliasError, match="text is needed, not NoneType"):
        Alias.from_key(None)  # type: ignore[arg-type]


def test_only_canonical_values_make_an_alias() -> None:
    with pytest.raises(AliasError, match=r"write '42', or use Alias.parse"):
        Alias("msn", "0042")
    with pytest.raises(AliasError, match="scheme is unknown"):
        Alias("nsm", "42")


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_ten_megabytes_and_hostile_repetitions_fail_fast(scheme: str) -> None:
    fills = [
        "1",
        "A",
        "-",
        "/a",
        "(",
        r"\(",
        "%2F",
        "DMC-",
        "https://",
        "[)>\x1e12\x1d",
        "/01/",
        "é",
    ]
    heads = [
        "",
        "https://x",
        "https://x/01/",
        "urn:epc:id:sgtin:",
        "MFR 0AB12",
        "(8004)1234",
        "DMC-",
    ]
    began = time.perf_counter()

    for fill in fills:
        with pytest.raises(AliasError, match="at most 2000 are allowed"):
            Alias.parse(scheme, fill * (10_000_000 // len(fill)))
        for head in heads:
            hostile = (head + fill * 2000)[:1999] + "\n"
            with pytest.raises(AliasError):
                Alias.parse(scheme, hostile)

    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("DPP-H2-001", ["dpp:DPP-H2-001", "msn:DPP-H2-001", "erp:DPP-H2-001", "reqif:DPP-H2-001"]),
        ("dpp:dpp-h2-001", ["dpp:DPP-H2-001"]),
        ("MSN 0042", ["msn:42"]),
        ("EC-QBA", ["registration:EC-QBA", "msn:EC-QBA", "erp:EC-QBA", "reqif:EC-QBA"]),
        ("utcs:AB:part:1", []),
        ("what is this?", []),
        ("", []),
        pytest.param("x" * 10_000_000, [], id="10 MB"),
    ],
)
def test_guess_lists_every_reading_the_most_particular_first(text: str, keys: list[str]) -> None:
    assert [str(alias) for alias in Alias.guess(text)] == keys


def test_parts_are_named_as_the_scheme_names_them() -> None:
    dmc = Alias.parse("dmc", "DMC-S1000DBIKE-AAA-DA1-10-00-00AA-251A-A")

    assert Alias("cage-serial", "0AB12/FC-1").parts == {"cage": "0AB12", "serial": "FC-1"}
    assert dmc.parts["model"] == "S1000DBIKE"
    assert (dmc.parts["system"], dmc.parts["information"], dmc.parts["location"]) == (
        "DA1",
        "251",
        "A",
    )
    assert Alias("iso15459", "D0AB12FC1").parts == {
        "agency": "D",
        "company": "0AB12",
        "serial": "FC1",
    }


def test_material_number_is_printed_as_the_erp_system_keeps_it() -> None:
    assert Alias("erp", "12345").printed == "000000000000012345"
    assert Alias("erp", "PUMP-100").printed == "PUMP-100"


def test_urn_needs_a_gs1_scheme_and_a_possible_prefix() -> None:
    assert (
        Alias("sgtin", "00614141073467/a/b%").epc(7) == "urn:epc:id:sgtin:0614141.007346.a%2Fb%25"
    )
    for alias, digits in ((Alias("msn", "42"), 7), (Alias("gtin", "10614141073464"), 5)):
        with pytest.raises(AliasError, match=r"has no EPC URN; use one of giai, .* 6–12 digits"):
            alias.epc(digits)


def test_every_epc_of_the_public_epcis_samples_is_read_and_written_back() -> None:
    folder = Path(os.environ.get("UTCS_PUBLIC_DATA", "../shared/data")) / "epcis"
    if not folder.is_dir():
        pytest.skip("no public data")
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.jsonld"))]

    urns = {urn for text in texts for urn in re.findall(r'"(urn:epc:[^"]+)"', text)}

    assert len(urns) > 20
    for urn in urns:
        alias = Alias.guess(urn)[0]
        prefix = urn.split(":")[4].partition(".")[0]
        assert alias.scheme in EPC_SCHEMES
        assert alias.epc(len(prefix)) == urn


class Model(BaseModel):
    aliases: tuple[Alias, ...]


def test_field_takes_keys_or_values_and_writes_keys() -> None:
    model = Model.model_validate({"aliases": ["msn:0042", Alias("dpp", "DPP-H2-001")]})

    assert model.model_dump() == {"aliases": ("msn:42", "dpp:DPP-H2-001")}
    assert Model.model_validate_json(model.model_dump_json()) == model


@pytest.mark.parametrize("value", ["DPP-H2-001", "nsm:1", "gtin:1", None, 5, b"msn:1"])
def test_field_error_is_collected_with_the_field(value: Any) -> None:
    with pytest.raises(ValidationError, match=r"aliases.1\n.*alias"):
        Model.model_validate({"aliases": ["msn:1", value]})


@given(aliases())
def test_json_schema_takes_every_alias(alias: Alias) -> None:
    schema = TypeAdapter(Alias).json_schema()

    assert re.search(schema["pattern"], str(alias))
    assert len(str(alias)) <= schema["maxLength"]
