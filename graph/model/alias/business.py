"""Ids of business systems and documents: passports, materials, requirements files, web resources."""

from __future__ import annotations

import re
from typing import Final

from graph.model.alias.scheme import Parts, Scheme, UnfitError

_URI_CHARACTER: Final = r"(?:[0-9A-Za-z\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})"  # RFC 3986 §2
_DEFAULT_PORT: Final = {"http": "80", "https": "443"}

DPP: Final = Scheme(
    name="dpp",
    source="the passport id of a digital product passport, Regulation (EU) 2024/1781 article 10",
    form="it is 'DPP' and one to six groups of 0–9 A–Z, with hyphens between",
    example="DPP-H2-001",
    forms=(re.compile(r"(?P<passport>DPP(?:-[0-9A-Z]{1,20}){1,6})"),),
    value="{passport}".format_map,
    printed="{passport}".format_map,
)


def _settle_material(parts: Parts) -> Parts:
    number = parts["material"]
    return {"material": (number.lstrip("0") or "0") if number.isdigit() else number}


def _internal(parts: Parts) -> str:
    number = parts["material"]
    return number.zfill(18) if number.isdigit() else number


ERP: Final = Scheme(
    name="erp",
    source="SAP material number, domain MATNR (18 characters, 40 from S/4HANA 1511), exit MATN1",
    form="it is 1–40 of 0–9 A–Z . _ / + # -, where leading zeros of a number mean nothing",
    example="12345",
    forms=(re.compile(r"(?P<material>[0-9A-Z][0-9A-Z._/+#-]{0,39})"),),
    settle=_settle_material,
    value="{material}".format_map,
    printed=_internal,
)

REQIF: Final = Scheme(
    name="reqif",
    source="OMG ReqIF 1.2 §10.8, Identifiable::identifier (xsd:ID)",
    form="it is 1–255 of 0–9 A–Z a–z . _ - and begins with a letter, digit or _",
    example="_21afe70a-ac89-48e0-b394-d1cba35c3537",
    forms=(re.compile(r"(?P<identifier>[0-9A-Z_a-z][0-9A-Za-z._-]{0,254})"),),
    value="{identifier}".format_map,
    printed="{identifier}".format_map,
    upper=False,
)


def _settle_url(parts: Parts) -> Parts:
    """Returns scheme and host in lower case and no default port (RFC 3986 §6.2.2, §6.2.3)."""
    scheme, port = parts["scheme"].lower(), parts.get("port", "").lstrip("0")
    if "port" in parts and not 0 < int(port or 0) < 65536:
        raise UnfitError(f"has port {parts['port']}; a port is 1 to 65535")
    settled = {"scheme": scheme, "host": parts["host"].lower(), "path": parts.get("path", "/")}
    if not settled["path"].startswith("/"):
        settled["path"] = "/" + settled["path"]
    return settled | ({"port": port} if port and port != _DEFAULT_PORT[scheme] else {})


def _url(parts: Parts) -> str:
    port = f":{parts['port']}" if "port" in parts else ""
    return f"{parts['scheme']}://{parts['host']}{port}{parts['path']}"


URL: Final = Scheme(
    name="url",
    source="RFC 3986 §3; RFC 9110 §4.2; names and passwords of users are not taken",
    form="it is an absolute http or https address without user name, other letters escaped as %XX",
    example="https://id.example.org/part/42",
    forms=(
        re.compile(
            r"(?P<scheme>[Hh][Tt][Tt][Pp][Ss]?)://"
            r"(?P<host>[0-9A-Za-z](?:[0-9A-Za-z.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])"
            rf"(?::(?P<port>[0-9]{{1,5}}))?(?P<path>[/?#]{_URI_CHARACTER}*)?"
        ),
    ),
    settle=_settle_url,
    value=_url,
    printed=_url,
    upper=False,
)


def _settle_uri(parts: Parts) -> Parts:
    """Returns the scheme, and the namespace of a URN, in lower case (RFC 3986 §3.1, RFC 8141 §3.1)."""
    scheme, rest = parts["scheme"].lower(), parts["rest"]
    namespace, colon, name = rest.partition(":")
    return {"scheme": scheme, "rest": namespace.lower() + colon + name if scheme == "urn" else rest}


URI: Final = Scheme(
    name="uri",
    source="RFC 3986 §3, for what no other scheme covers",
    form="it is an absolute URI other than http, https and utcs",
    example="urn:example:part:42",
    forms=(
        re.compile(
            r"(?!(?i:https?|utcs):)(?P<scheme>[A-Za-z][0-9A-Za-z+.-]{0,31}):"
            rf"(?P<rest>{_URI_CHARACTER}+)"
        ),
    ),
    settle=_settle_uri,
    value="{scheme}:{rest}".format_map,
    printed="{scheme}:{rest}".format_map,
    upper=False,
)
