from pathlib import Path

import pytest

from ingest.files.rejected import FileError
from ingest.files.reqif_xml import from_fragment, parse, plain_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("  two\n   words ", "two words"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<p>one</p>\n  <p>two</p>\n", "one\ntwo"),
        ("one<br/>two<br/><br/>three", "one\ntwo\n\nthree"),
        ("<b>bo</b>ld <i>x</i>", "bold x"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "a\nb\nc"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<object data='x.png'>a picture</object>", "a picture"),
        ("a<!-- not this -->b<?nor this?>c", "abc"),
        ("20\u202fK \u00b1\u00a01", "20 K ± 1"),
    ],
)
def test_formatted_text_reads_as_people_read_it(value: str, text: str) -> None:
    assert plain_text(from_fragment(f"<div>{value}</div>")) == text


@pytest.mark.parametrize("encoding", ["shift_jis", "big5", "gb2312", "euc-jp", "utf-7", "klingon"])
def test_encoding_that_is_not_read_is_named_with_the_way_out(encoding: str) -> None:
    """Expat's ValueError for encodings of several bytes ended in a traceback."""
    document = f'<?xml version="1.0" encoding="{encoding}"?><REQ-IF/>'.encode("ascii")

    with pytest.raises(FileError, match=r"a\.reqif: .*encoding.*; write the document as UTF-8"):
        parse(Path("a.reqif"), document)
