"""All pages of an answer, up to as much as a report holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from api.report.asked import MAX_ROWS, Progress


class Page(Protocol):
    """One page of an answer."""

    @property
    def next(self) -> str | None:
        """The cursor of the next page; None on the last."""


P = TypeVar("P", bound=Page)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Gathered(Generic[P, Item]):
    """What an answer lists, on all its pages.

    Attributes:
        pages: The pages as they came; there is at least one.
        items: What they list.
        is_whole: Whether there were no more.
    """

    pages: tuple[P, ...]
    items: tuple[Item, ...]
    is_whole: bool

    @property
    def cut(self) -> str | None:
        """Where it was cut, as a section says it."""
        return None if self.is_whole else f"the first {len(self.items):,} are listed"


async def gather(
    question: Callable[[str | None], Awaitable[P]],
    listed: Callable[[P], Sequence[Item]],
    progress: Progress,
    noun: str,
    most: int = MAX_ROWS,
) -> Gathered[P, Item]:
    """Returns what a question answers, page after page.

    Args:
        question: Asks for the page after a cursor; None is the first.
        listed: What a page lists.
        progress: Is told how far it is.
        noun: What is listed, for that.
        most: As soon as so many are listed, no more are asked for.
    """
    page = await question(None)
    pages, items = [page], list(listed(page))
    while page.next is not None and len(items) < most:
        progress(f"{len(items):,} {noun}")
        page = await question(page.next)
        pages.append(page)
        items += listed(page)
    return Gathered(tuple(pages), tuple(items[:most]), page.next is None and len(items) <= most)
