"""A dead letter as JSON: its document as text where it is text, as base64 where it is not."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from api.plain import plain
from graph.store.letters import Opened


def letter_json(opened: Opened) -> dict[str, Any]:
    """Returns a dead letter with the document in it and all that was done about it.

    As in CloudEvents, what is no text stands under another name: `document_base64`.
    """
    try:
        document = {"document": opened.document.decode()}
    except UnicodeDecodeError:
        document = {"document_base64": b64encode(opened.document).decode()}
    return {
        **plain(opened.letter),
        **document,
        "is_whole": opened.is_whole,
        "settlements": plain(opened.settlements),
    }
