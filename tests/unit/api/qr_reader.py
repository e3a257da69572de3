"""Reads a QR code out of a bitmap by ISO/IEC 18004, for the tests: it shares no code with what draws."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from struct import unpack

Grid = list[list[bool]]

ALIGNED = {
    2: (6, 18), 3: (6, 22), 4: (6, 26), 5: (6, 30), 6: (6, 34),
    7: (6, 22, 38), 8: (6, 24, 42), 9: (6, 26, 46), 10: (6, 28, 50),
}  # fmt: skip
"""Where the alignment patterns of a version have their centres (annex E)."""

BLOCKS_Q = {
    2: (22,), 3: (17, 17), 4: (24, 24), 5: (15, 15, 16, 16), 6: (19,) * 4,
    7: (14,) * 2 + (15,) * 4, 8: (18,) * 4 + (19,) * 2, 9: (16,) * 4 + (17,) * 4,
    10: (19,) * 6 + (20,) * 2,
}  # fmt: skip
"""How many data codewords each block of a version has at level Q (table 9)."""

MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)


def read_png(png: bytes, pixels: int) -> Grid:
    """Returns the modules of a bitmap of one bit a pixel; dark is true."""
    parts, place = {}, 8
    while place < len(png):
        length, name = unpack(">I4s", png[place : place + 8])
        content = png[place + 8 : place + 8 + length]
        assert zlib.crc32(name + content) == unpack(">I", png[place + 8 + length :][:4])[0]
        parts[name], place = content, place + 12 + length
    width, height, depth, colour = unpack(">IIBB", parts[b"IHDR"][:10])
    assert (depth, colour) == (1, 0)
    stride, raw = (width + 7) // 8 + 1, zlib.decompress(parts[b"IDAT"])
    assert len(raw) == stride * height
    return [
        [not raw[y * stride + 1 + x // 8] >> (7 - x % 8) & 1 for x in range(0, width, pixels)]
        for y in range(0, height, pixels)
    ]


def symbol_in(grid: Grid) -> Grid:
    """Returns the symbol within its frame: from one finder pattern to the others."""
    rows = [[*row] for row in grid]
    dark = [(r, c) for r, row in enumerate(rows) for c, one in enumerate(row) if one]
    top, left = min(dark)
    frame = max(r for r, _ in dark) - top + 1
    inner = [
        (r, c)
        for r, c in dark
        if top < r < top + frame - 1
        and left < c < left + frame - 1
        and (r - top) + (c - left) < 2 * frame - 9
    ]
    start, end = min(r for r, _ in inner), max(r for r, _ in inner)
    begin = min(c for _, c in inner)
    return [row[begin : begin + end - start + 1] for row in rows[start : end + 1]]


def decode(symbol: Grid) -> str:
    """Returns the text of a symbol of level Q in bytes mode."""
    size = len(symbol)
    version = (size - 17) // 4
    bits = [symbol[8][c] for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [symbol[r][8] for r in (7, 5)]
    form = int("".join("1" if bit else "0" for bit in bits[:5]), 2) ^ 0b10101
    assert form >> 3 == 0b11, "level Q"
    mask = MASKS[form & 7]
    flow = [symbol[r][c] ^ mask(r, c) for r, c in _places(size, version)]
    words = [
        int("".join("1" if bit else "0" for bit in flow[at : at + 8]), 2)
        for at in range(0, len(flow) // 8 * 8, 8)
    ]
    return _text(_deinterleaved(words, BLOCKS_Q[version]), version)


def _places(size: int, version: int) -> Iterator[tuple[int, int]]:
    """Yields the modules of data in order: upward and downward in pairs of columns from the right (7.7.3)."""
    upward, column = True, size - 1
    while column > 0:
        column -= column == 6
        for row in range(size - 1, -1, -1) if upward else range(size):
            for c in (column, column - 1):
                if not _is_function(row, c, size, version):
                    yield row, c
        upward, column = not upward, column - 2


def _is_function(r: int, c: int, size: int, version: int) -> bool:
    if 6 in (r, c) or (r < 9 and (c < 9 or c >= size - 8)) or (r >= size - 8 and c < 9):
        return True
    if version >= 7 and ((r < 6 and c >= size - 11) or (c < 6 and r >= size - 11)):
        return True
    centres = ALIGNED[version]
    return any(
        abs(r - y) <= 2 and abs(c - x) <= 2
        for y in centres
        for x in centres
        if (y, x) not in {(6, 6), (6, centres[-1]), (centres[-1], 6)}
    )


def _deinterleaved(words: list[int], blocks: tuple[int, ...]) -> bytes:
    found: list[list[int]] = [[] for _ in blocks]
    flow = iter(words)
    for place in range(max(blocks)):
        for block, length in zip(found, blocks, strict=True):
            if place < length:
                block.append(next(flow))
    return bytes(word for block in found for word in block)


def _text(data: bytes, version: int) -> str:
    bits = "".join(f"{byte:08b}" for byte in data)
    assert bits[:4] == "0100", "bytes mode"
    count = 8 if version < 10 else 16
    length, start = int(bits[4 : 4 + count], 2), 4 + count
    return bytes(int(bits[start + 8 * n : start + 8 * n + 8], 2) for n in range(length)).decode()
