"""The templates of the forms that are text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def templates(*, lstrip_blocks: bool = False) -> Environment:
    """Returns where they are read from: what stands in them is escaped, and what is missing is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # most commands write none

    return Environment(
        loader=PackageLoader("api.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=lstrip_blocks,
    )
