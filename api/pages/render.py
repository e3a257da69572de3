"""Templates into pages."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

from api.moment import moment
from graph.model import ontology
from graph.model.time import format_utc

_STATIC: Final = {"pages.css": "text/css", "changes.js": "text/javascript"}
_CODE: Final = re.compile("`([^`]+)`")
_ACRONYMS: Final = frozenset({"cad", "capa", "eco", "ecr", "ncr", "stc"})


def page(template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """Returns a page made from `templates/<template>.html`."""
    return HTMLResponse(_templates().get_template(f"{template}.html").render(values), status)


def fragment(template: str, **values: Any) -> str:
    """Returns a part of a page made from `templates/<template>.html`."""
    return _templates().get_template(f"{template}.html").render(values)


def static(name: str) -> Response | None:
    """Returns a file that pages load; its address changes with its content, so it may be kept."""
    if name not in _STATIC:
        return None
    kept = {"Cache-Control": "public, max-age=31536000"}
    return Response(_static(name), media_type=_STATIC[name], headers=kept)


@cache
def _static(name: str) -> bytes:
    return files("api").joinpath("static", name).read_bytes()


def _address(name: str) -> str:
    return f"/static/{name}?{sha256(_static(name)).hexdigest()[:12]}"


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["style"], made.globals["script"] = map(_address, _STATIC)
    made.filters["label"] = label
    made.filters["code"] = _code
    made.filters["moment"] = moment
    made.filters["exactly"] = format_utc
    made.filters["words"] = lambda name: str(name).replace("_", " ").replace("-", " ").lower()
    made.filters["thousands"] = lambda number: f"{number:,}"
    return made


def _code(text: str) -> Markup:
    """Returns text with what stands in backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped first


def label(kind: str) -> str:
    """Returns a kind as people write it: `test case`, `ECO`."""
    if kind in _ACRONYMS:
        return kind.upper()
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", ontology.label(kind)).lower()
