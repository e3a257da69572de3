"""What validation finds wrong, in plain words: no names of Python's or Pydantic's types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from graph.model.nesting import write_json

_TEXT: Final = "text is expected; write it in quotes"
_WHOLE: Final = "a whole number is expected"
_NUMBER: Final = "a number is expected"
_YES_NO: Final = "true or false is expected"
_LIST: Final = "a list is expected; write it in [ ]"
_OBJECT: Final = "a JSON object is expected; write it in {{ }}"
_DAY: Final = "is not a date; write it as YYYY-MM-DD"

_WORDS: Final[Mapping[str, str]] = {
    "missing": "is missing; add it",
    "extra_forbidden": "there is no such field; correct its name, or leave it out",
    "string_type": _TEXT,
    "string_sub_type": _TEXT,
    "string_too_short": "is too short; give at least {min_length:,} characters",
    "string_too_long": "is too long; give at most {max_length:,} characters",
    "string_pattern_mismatch": "is written in another form; it must match {pattern}",
    "string_unicode": "is not valid Unicode; write it as UTF-8",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": "is too large a number; give a smaller one",
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "finite_number": "a finite number is expected",
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "none_required": "null is expected",
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "greater_than": "is out of bounds; give a number above {gt}",
    "greater_than_equal": "is out of bounds; give {ge} or more",
    "less_than": "is out of bounds; give a number below {lt}",
    "less_than_equal": "is out of bounds; give {le} or less",
    "literal_error": "use {expected}",
    "enum": "use {expected}",
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dataclass_type": _OBJECT,
    "invalid_key": "names in an object must be text",
    "union_tag_invalid": "{discriminator} '{tag:.40}' is unknown; use one of {expected_tags}",
    "union_tag_not_found": "{discriminator} is missing; it says what is stated",
    "recursion_loop": "is nested too deep; flatten it",
    "json_invalid": "is not JSON; correct it",
}
"""By Pydantic's name of the error; what stands in braces is from its context."""

_COUNTED: Final[Mapping[str, tuple[str, str, str]]] = {
    "too_short": ("few", "at least", "min_length"),
    "too_long": ("many", "at most", "max_length"),
}


def fault(detail: ErrorDetails) -> str:
    """Returns what is wrong with a value and the fix, without the field's name or the value."""
    kind = detail["type"]
    context: dict[str, Any] = detail.get("ctx", {})
    if kind in _COUNTED:
        word, bound, name = _COUNTED[kind]
        return f"holds too {word}; give {bound} {context.get(name, 1)}"
    if kind in _WORDS:
        return _WORDS[kind].format_map(context)
    return detail["msg"].removeprefix("Value error, ")


def setting_faults(error: ValidationError) -> Iterator[str]:
    """Yields what is wrong with the settings of a process, never with a value: it may be secret."""
    for detail in error.errors(include_url=False, include_input=False):
        name = "_".join(str(part) for part in detail["loc"]).upper()
        yield f"UTCS_{name}: {detail['msg'].removeprefix('Value error, ')}"


def given(value: object) -> str:
    """Returns a value as a message shows it: short, and as its sender wrote it."""
    if isinstance(value, str):
        return f"{value!r:.80}"
    return write_json(value)[:80].decode(errors="ignore")
