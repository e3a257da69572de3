"""The code on an asset says its link, to a reader that shares no code with what draws it."""

from __future__ import annotations

from struct import unpack
from xml.etree import ElementTree

import pytest

from api.qr import MAX_LINK, MODULE_MM, PIXELS, png, svg, symbol
from tests.unit.api.qr_reader import Grid, decode, read_png, symbol_in

LINK = "https://id.ampel360.example/id/utcs:AMPEL360:aircraft:MSN-10001~V"
LONGER = [f"{LINK}{'x' * more}" for more in (0, 9, 30, 40, 55)]


@pytest.mark.parametrize("link", ["http://127.0.0.1:8765/id/utcs:A1:serial:1~*", *LONGER])
def test_the_code_decodes_to_the_link_and_nothing_else(link: str) -> None:
    assert decode(symbol_in(read_png(png(link), PIXELS))) == link


def test_a_module_that_is_wrong_is_not_read_as_the_link() -> None:
    """The reader is worth its name: it does not find the link whatever is drawn."""
    symbol = symbol_in(read_png(png(LINK), PIXELS))
    size = len(symbol)
    symbol[size - 1][size - 9] = not symbol[size - 1][size - 9]

    assert _read(symbol) != LINK


def _read(symbol: Grid) -> str | None:
    try:
        return decode(symbol)
    except (AssertionError, ValueError):
        return None


def test_svg_and_png_show_the_same_modules_in_the_same_size() -> None:
    drawn = ElementTree.fromstring(svg(LINK))  # noqa: S314 - our own
    edge = float(drawn.attrib["width"].removesuffix("mm"))
    outer = int(drawn.attrib["viewBox"].split()[2])
    bitmap = png(LINK)
    width = unpack(">I", bitmap[16:20])[0]
    per_metre = unpack(">I", bitmap[bitmap.index(b"pHYs") + 4 :][:4])[0]

    assert _runs(drawn, outer) == read_png(bitmap, PIXELS)
    assert edge == outer * MODULE_MM == pytest.approx(width / per_metre * 1000)


def test_the_quiet_zone_is_free_and_the_frame_has_its_corner() -> None:
    modules = symbol(LINK)
    size = len(modules)
    code = size - 16

    around = [
        modules[r][c]
        for r in range(4, 4 + code + 8)
        for c in range(4, 4 + code + 8)
        if not (8 <= r < 8 + code and 8 <= c < 8 + code)
    ]
    assert not any(around)
    assert all((*modules[0], *modules[-1], *(row[0] and row[-1] for row in modules)))
    corners = [modules[r][c] for r in (2, size - 3) for c in (2, size - 3)]
    assert corners == [False, False, False, True]


def test_a_link_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match=f"at most {MAX_LINK} characters, not 256"):
        symbol("h" * 256)


def _runs(drawn: ElementTree.Element, outer: int) -> Grid:
    """Returns the modules that the path of an SVG fills."""
    grid = [[False] * outer for _ in range(outer)]
    for run in drawn[2].attrib["d"].removesuffix("z").split("z"):
        place, _, rest = run.removeprefix("M").partition("h")
        column, row = map(int, place.split())
        for along in range(int(rest.partition("v")[0])):
            grid[row][column + along] = True
    return grid
