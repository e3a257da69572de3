"""Answers as JSON: the dataclasses of the questions, field by field, under the same names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from graph.model.alias import Alias
from graph.model.identifier import Utcs
from graph.model.time import format_utc
from graph.store.doubts import Doubts
from graph.store.reach import Answer


def plain(value: Any) -> Any:
    """Returns an answer as JSON values; times, decimals and ids in their canonical written form."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Utcs | Alias | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return format_utc(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return [plain(item) for item in value]


def plain_reach(answer: Answer, doubts: Doubts) -> dict[str, Any]:
    """Returns what a thing reaches, with how far the answer goes in words, and the links in doubt to each.

    `suspects` of a thing is null where these could not be told in time; `suspects_cut` says so.
    """
    told: dict[str, Any] = plain(answer)
    for one, thing in zip(answer.things, told["things"], strict=True):
        thing["suspects"] = None if doubts.cut else plain(doubts.of.get(one.utcs, ()))
    return told | {"extent": answer.extent, "suspects_cut": doubts.cut}
