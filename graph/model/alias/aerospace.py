"""Ids of aerospace and defence: items by maker and serial, data modules, aircraft."""

from __future__ import annotations

import re
from typing import Final

from graph.model.alias.scheme import Parts, Scheme

_CAGE: Final = "[0-9A-HJ-NP-Z]{5}"  # NATO ACodP-1: no I and no O
_SERIAL: Final = "[0-9A-Z/-]{1,20}"
_BETWEEN: Final = r"[ \x1d/*,;]+"


CAGE_SERIAL: Final = Scheme(
    name="cage-serial",
    source="ATA Spec 2000 chapter 9, text elements MFR and SER; ANS MH10.8.2, data identifier 18S",
    form="it is a CAGE code (5 of 0–9 A–Z without I and O), '/' and a serial (1–20 of 0–9 A–Z - /)",
    example="0AB12/FC-00042",
    forms=tuple(
        re.compile(form)
        for form in (
            rf"(?P<cage>{_CAGE})/(?P<serial>{_SERIAL})",
            rf"18S(?P<cage>{_CAGE})(?P<serial>{_SERIAL})",
            rf"(?:\[\)>\x1e(?:12|DD)\x1d)?(?:MFR|SPL|CAG)[ :]?(?P<cage>{_CAGE}){_BETWEEN}"
            rf"(?:SER|UCN)[ :]?(?P<serial>{_SERIAL})(?:\x1e\x04)?",
        )
    ),
    value="{cage}/{serial}".format_map,
    printed="MFR {cage} SER {serial}".format_map,
)


def _uid(parts: Parts) -> str:
    return parts.get("uid") or "{agency}{company}{serial}".format_map(parts)


ISO_15459: Final = Scheme(
    name="iso15459",
    source="ISO/IEC 15459-4: issuing agency code, company identification number, serial",
    form="it is an issuing agency code, a company number and a serial, at most 50 of 0–9 A–Z - /",
    example="D0AB12FC-00042",
    forms=tuple(
        # The agency alone knows where a company's number ends: NATO (CAGE), Dun & Bradstreet, Odette.
        re.compile(rf"(?:25S)?{form}")
        for form in (
            rf"(?P<agency>D)(?P<company>{_CAGE})(?P<serial>[0-9A-Z/-]{{1,44}})",
            r"(?P<agency>UN)(?P<company>[0-9]{9})(?P<serial>[0-9A-Z/-]{1,39})",
            r"(?P<agency>OD)(?P<company>[0-9A-Z]{4})(?P<serial>[0-9A-Z/-]{1,44})",
            r"(?P<uid>(?!25S|D|UN|OD)[0-9A-Z]{3}[0-9A-Z/-]{2,47})",
        )
    ),
    value=_uid,
    printed=lambda parts: f"25S{_uid(parts)}",
)


_DMC: Final = "-".join(
    [
        r"(?P<model>(?!DMC-)[0-9A-Z]{2,14})",
        r"(?P<variant>[0-9A-Z]{1,4})",
        r"(?P<system>[0-9A-Z]{2,3})",
        r"(?P<subsystem>[0-9A-Z])(?P<subsubsystem>[0-9A-Z])",
        r"(?P<assembly>[0-9A-Z]{4}|[0-9A-Z]{2})",
        r"(?P<disassembly>[0-9A-Z]{2})(?P<disassembly_variant>[0-9A-Z]{1,3})",
        r"(?P<information>[0-9A-Z]{3})(?P<information_variant>[0-9A-Z])",
        r"(?P<location>[ABCDT])",
    ]
)
_LEARN: Final = r"(?:-(?P<learn>[HT][0-9A-Z]{2})(?P<learn_event>[A-E]))?"
_OF_FILE: Final = r"(?:_\d{3}-\d{2})?(?:_[A-Z]{2,3}-[A-Z]{2})?(?:\.XML)?"


def _data_module(parts: Parts) -> str:
    code = (
        "{model}-{variant}-{system}-{subsystem}{subsubsystem}-{assembly}"
        "-{disassembly}{disassembly_variant}-{information}{information_variant}-{location}"
    ).format_map(parts)
    return code + ("-{learn}{learn_event}".format_map(parts) if "learn" in parts else "")


DMC: Final = Scheme(
    name="dmc",
    source="S1000D chapter 4.3, data module code; a file's issue and language are not part of it",
    form="it is model, difference, system, sub-systems, assembly, disassembly, information, location",
    example="S1000DBIKE-AAA-D00-00-00-00AA-041A-A",
    forms=(re.compile(f"(?:DMC-)?{_DMC}{_LEARN}{_OF_FILE}", re.ASCII),),
    value=_data_module,
    printed=lambda parts: f"DMC-{_data_module(parts)}",
)


def _settle_msn(parts: Parts) -> Parts:
    number = parts["msn"]
    return {"msn": (number.lstrip("0") or "0") if number.isdigit() else number}


MSN: Final = Scheme(
    name="msn",
    source="the maker's serial number on the data plate, 14 CFR §45.13; unique for one maker only",
    form="it is 1–20 of 0–9 A–Z -, where leading zeros of a number mean nothing",
    example="42",
    forms=(re.compile(r"(?:MSN[ :-]*)?(?P<msn>(?!MSN)[0-9A-Z](?:[0-9A-Z-]{0,18}[0-9A-Z])?)"),),
    settle=_settle_msn,
    value="{msn}".format_map,
    printed="MSN {msn}".format_map,
)

_UNHYPHENED: Final = {
    "N": "[1-9][0-9]{0,4}|[1-9][0-9]{0,3}[A-HJ-NP-Z]|[1-9][0-9]{0,2}[A-HJ-NP-Z]{2}",
    "JA": "[0-9A-Z]{4}",
    "HL": "[0-9]{4}",
    "UK": "[0-9]{5}",
    "YV": "[0-9]{3,4}[A-Z]?",
}
"""The marks of the states that paint no hyphen, by nationality; people may write one all the same."""


def _mark(parts: Parts) -> str:
    hyphen = "" if parts["nationality"] in _UNHYPHENED else "-"
    return f"{parts['nationality']}{hyphen}{parts['mark']}"


REGISTRATION: Final = Scheme(
    name="registration",
    source="ICAO Annex 7 §3: nationality mark, hyphen, registration mark",
    form="it is written as painted, with the hyphen where the state uses one",
    example="EC-QBA",
    forms=(
        re.compile(
            rf"(?!(?:{'|'.join(_UNHYPHENED)})-)(?P<nationality>[0-9A-Z]{{1,3}})-(?P<mark>[0-9A-Z]{{1,5}})"
        ),
        *(
            re.compile(f"(?P<nationality>{state})-?(?P<mark>{mark})")
            for state, mark in _UNHYPHENED.items()
        ),
    ),
    value=_mark,
    printed=_mark,
)
