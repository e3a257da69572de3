"""Who is sent to a page, and who to JSON."""

import pytest

from api.rest.resolver import prefers_page

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)


@pytest.mark.parametrize(
    "accept",
    [FIREFOX, CHROME, "text/html", "TEXT/HTML", "text/*", "application/json;q=0.5, text/html"],
)
def test_people_prefer_pages(accept: str) -> None:
    assert prefers_page(accept)


@pytest.mark.parametrize(
    "accept",
    [
        "", "*/*", "application/json", "application/json, text/html;q=0.9", "text/html;q=0, */*",
        "application/ld+json", "text/html;q=x", "garbage", ";;,,", "text/html;q=0",
    ],
)  # fmt: skip
def test_machines_prefer_json(accept: str) -> None:
    assert not prefers_page(accept)
