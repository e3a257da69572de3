"""A moment as people read it."""

from __future__ import annotations

from datetime import datetime


def moment(when: datetime | None) -> str:
    """Returns a moment as people read it: seconds and fractions only where they say something."""
    if when is None:
        return "now"
    if when.microsecond:
        return f"{when:%Y-%m-%d %H:%M:%S.%f}".rstrip("0") + " UTC"
    if when.second:
        return f"{when:%Y-%m-%d %H:%M:%S} UTC"
    return (
        f"{when:%Y-%m-%d}" if (when.hour, when.minute) == (0, 0) else f"{when:%Y-%m-%d %H:%M} UTC"
    )
