"""Content types as senders write them, and the text of what they send."""

import pytest
from hypothesis import given, strategies as st

from workers.desktop.text.content_types import content, content_type


@pytest.mark.parametrize(
    ("header", "media_type", "charset", "is_text"),
    [
        ("text/plain", "text/plain", "", True),
        ("Text/Plain", "text/plain", "", True),
        ('TEXT/HTML ; Charset="UTF-16"', "text/html", "UTF-16", True),
        ("text/plain; format=flowed; charset=iso-8859-1", "text/plain", "iso-8859-1", True),
        ("application/xhtml+xml", "application/xhtml+xml", "", True),
        ("application/rtf", "application/rtf", "", True),
        ("application/vnd.api+json", "application/vnd.api+json", "", True),
        ("image/png", "image/png", "", False),
        ("application/octet-stream", "application/octet-stream", "", False),
        ("text/", "text/", "", False),
        ("", "", "", False),
    ],
)
def test_types_are_read_without_regard_to_case_and_with_parameters(
    header: str, media_type: str, charset: str, is_text: bool
) -> None:
    kind = content_type(header)
    assert (kind.media_type, kind.charset, kind.is_text) == (media_type, charset, is_text)


@pytest.mark.parametrize(
    ("data", "header"),
    [
        ("naïve".encode(), "text/plain"),
        ("naïve".encode("utf-8-sig"), "text/plain"),
        ("naïve".encode("utf-16"), "text/plain;charset=utf-16"),
        ("naïve".encode("utf-16-le"), "text/plain;charset=UTF-16"),
        ("naïve".encode("utf-16-be"), "text/plain;charset=utf-16"),
        ("naïve".encode("utf-16-be"), "text/plain; charset=UTF-16BE"),
        ("naïve".encode("utf-16"), "text/plain"),
        ("naïve".encode("utf-32"), "text/plain;charset=utf-32"),
        ("naïve".encode("latin-1"), 'Text/Plain; Charset="ISO-8859-1"'),
        ("naïve".encode("cp1252"), "text/plain;charset=windows-1252"),
        ("naïve".encode(), "text/plain;charset=no-such-thing"),
        ("naïve".encode(), "text/plain;charset=unicode_escape"),
        ("naïve".encode(), "text/plain;charset=\x00"),
    ],
)
def test_text_is_decoded_by_its_mark_or_its_charset(data: bytes, header: str) -> None:
    assert content(data, content_type(header)).text == "naïve"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "<html><body><b>drop</b>&nbsp;table&amp;co <span style='color:red'>pass</span>word</body></html>",
            "drop table&co password",
        ),
        ("<p>one\n two</p><p>three<br>four", "one two\nthree\nfour"),
        ("<table><tr><td>a<td>b</table>", "a b"),
        ("<pre>if x:\n    y</pre>", "if x:\n    y"),
        ("<style>b{x}</style><script>let a='<b>'</script>seen<!-- unseen -->", "seen"),
        ("&lt;script&gt;&#x20ac;&euro;", "<script>€€"),
        ("<![if gte mso 9]>a<![endif]><![weird[b]]>c", "ac"),
        ("<p><![CDATA[x < y]]></p>", "x < y"),
        ("5 < 6 & 7 > 6", "5 < 6 & 7 > 6"),
    ],
)
def test_markup_is_taken_away(markup: str, text: str) -> None:
    for header in ("text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml"):
        assert content(markup.encode(), content_type(header)) == (text, markup)


def test_plain_text_keeps_its_angle_brackets() -> None:
    assert content(b"<b>x</b>", content_type("text/plain")) == ("<b>x</b>", "")


@given(st.binary(max_size=200), st.sampled_from(["text/html", "text/html;charset=utf-16", "text/plain;charset=gbk"]))
def test_any_bytes_are_a_text(data: bytes, header: str) -> None:
    content(data, content_type(header)).text.encode("utf-8", "surrogatepass")


@given(st.text(alphabet="<>![]-/a b=\"'&;#x?", max_size=60), st.text(max_size=40))
def test_any_markup_is_a_text(markup: str, header: str) -> None:
    content(markup.encode(), content_type("text/html"))
    content_type(header)
