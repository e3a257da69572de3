"""The code on an asset: an identification link as a QR code in the frame that IEC 61406-1 asks for."""

from __future__ import annotations

import zlib
from functools import lru_cache
from struct import pack
from typing import Final

import segno
from markupsafe import Markup

MODULE_MM: Final = 0.5
"""The edge of a module as it is printed; at least 0.35 mm are asked for."""

PIXELS: Final = 10
"""The edge of a module in a bitmap: 508 dots to the inch as printed."""

MAX_LINK: Final = 255
"""The longest identification link, in characters."""

_QUIET: Final = 4
"""The quiet zone around the symbol, in modules (ISO/IEC 18004)."""

_ROOM: Final = 7
_CORNER: Final = 6
"""From the symbol to the frame, and the legs of the triangle in its corner: the quiet zone stays free."""

_SVG: Final = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{edge}" height="{edge}" viewBox="0 0 {outer} {outer}" '
    'shape-rendering="crispEdges" role="img"><title>{link}</title>'
    '<rect width="{outer}" height="{outer}" fill="#fff"/><path d="{runs}"/></svg>'
)

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"

Modules = tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=256)
def symbol(link: str) -> Modules:
    """Returns the framed symbol of a link, row by row; dark modules are true.

    Raises:
        ValueError: The link is too long for an identification link.
    """
    if len(link) > MAX_LINK:
        raise ValueError(
            f"an identification link has at most {MAX_LINK} characters, not {len(link)}"
        )
    code = segno.make_qr(link, error="q", boost_error=False).matrix
    size = len(code) + 2 * _ROOM + 2
    return tuple(
        tuple(_is_dark(code, size, row, column) for column in range(size)) for row in range(size)
    )


def _is_dark(code: tuple[bytearray, ...], size: int, row: int, column: int) -> bool:
    last, start = size - 1, _ROOM + 1
    if row in (0, last) or column in (0, last):
        return True
    if (last - row) + (last - column) <= _CORNER:
        return True
    inner = range(start, start + len(code))
    return row in inner and column in inner and bool(code[row - start][column - start])


def svg(link: str) -> Markup:
    """Returns the symbol as SVG, in the size in which it is printed; it works within a page, too."""
    modules = symbol(link)
    outer = len(modules) + 2 * _QUIET
    edge = f"{outer * MODULE_MM:g}mm"
    runs = "".join(
        f"M{column + _QUIET} {row + _QUIET}h{length}v1h-{length}z"
        for row, line in enumerate(modules)
        for column, length in _runs(line)
    )
    return _SVG.format(edge=edge, outer=outer, link=link, runs=runs)


def _runs(line: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Returns where dark modules follow each other in a row, and how many."""
    found: list[tuple[int, int]] = []
    for column, dark in enumerate(line):
        if dark and found and sum(found[-1]) == column:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((column, 1))
    return found


def png(link: str) -> bytes:
    """Returns the symbol as PNG (ISO/IEC 15948), one bit a pixel, with the size in which it is printed."""
    modules = symbol(link)
    edge = (len(modules) + 2 * _QUIET) * PIXELS
    per_metre = round(PIXELS / MODULE_MM * 1000)
    light = (False,) * len(modules)
    lines = [*[light] * _QUIET, *modules, *[light] * _QUIET]
    rows = b"".join(_row(line) * PIXELS for line in lines)
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", pack(">IIBBBBB", edge, edge, 1, 0, 0, 0, 0)),
            _chunk(b"pHYs", pack(">IIB", per_metre, per_metre, 1)),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _row(line: tuple[bool, ...]) -> bytes:
    """Returns a row of pixels, unfiltered; a set bit is light."""
    quiet = "1" * _QUIET * PIXELS
    bits = quiet + "".join(("0" if dark else "1") * PIXELS for dark in line) + quiet
    bits += "0" * (-len(bits) % 8)
    return b"\x00" + int(bits, 2).to_bytes(len(bits) // 8)


def _chunk(name: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + name + content + pack(">I", zlib.crc32(name + content))
