import pytest

from ingest.files.reqif_xml import from_fragment, plain_text


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
