"""What a person typed, held to what it must be before any verb sees it."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand


class Verb(TyperCommand):
    """A verb whose texts are text: the kernel passes any bytes, and only names of files may be any."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Reads the words and refuses those that are no UTF-8."""
        rest = super().parse_args(ctx, args)
        for name, given in ctx.params.items():
            for text in given if isinstance(given, list | tuple) else (given,):
                if isinstance(text, str) and not _is_text(text):
                    raise typer.BadParameter(
                        f"'{_shown(text)}' is not UTF-8; type the character that stands at \\x anew",
                        ctx=ctx,
                        param_hint=name,
                    )
        return rest


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(text: str) -> str:
    """Returns the text with each byte that is none marked by its number."""
    return text.encode(errors="surrogateescape").decode(errors="backslashreplace")
