"""Decode clipboard text by its content type: which types are text, in which encoding, and HTML without its markup."""

import codecs
import re
from email.message import Message
from html.parser import HTMLParser
from typing import Final, NamedTuple

# Structured text (RFC 6839: +xml, +json) and the types that office programs offer besides plain text.
_TEXT: Final = re.compile(r"text/.+|application/(json|xml|xhtml\+xml|rtf|x?javascript|.+\+(xml|json))\Z")
_MARKUP: Final = frozenset({"text/html", "application/xhtml+xml"})
# Encodings of the web (WHATWG "Encoding"). Not all of Python's, which include `zip` and `unicode_escape`.
_ENCODINGS: Final = re.compile(
    r"ascii|utf-8|utf-16(-[lb]e)?|utf-32(-[lb]e)?|iso8859-\d+|cp(125\d|866|874|932|949|950)|koi8-[ru]|mac-(roman|cyrillic)"
    r"|tis-620|gb(k|2312|18030)|big5|euc_(jp|kr)|shift_jis|iso2022_jp\Z"
)
_BYTE_TASK_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, because it begins with UTF-16's mark
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLANKS: Final = re.compile("[ \t\r\n\f\u00a0]+")
_HIDDEN: Final = frozenset({"script", "style"})
_LINES: Final = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "fieldset", "footer", "form"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "option", "p", "pre"}
    | {"section", "table", "title", "tr", "ul"}
)
_CELLS: Final = frozenset({"td", "th"})


class ContentType(NamedTuple):
    """A media type without its parameters, in lower case (RFC 2045, 5.1), and its `charset`, "" without one."""

    media_type: str
    charset: str

    @property
    def is_text(self) -> bool:
        """Whether the content is text."""
        return _TEXT.match(self.media_type) is not None


class Content(NamedTuple):
    """The visible text, and the markup it came from ("" if there is no markup)."""

    text: str
    markup: str = ""


def content_type(header: str) -> ContentType:
    """Parse a type as senders write it: `Text/HTML; Charset="UTF-16"`."""
    media_type, _, parameters = header.partition(";")
    message = Message()
    message["Content-Type"] = f"text/plain; {' '.join(parameters.split())}"
    charset = message.get_param("charset", "")
    return ContentType(media_type.strip().lower(), charset.strip() if isinstance(charset, str) else "")


def content(data: bytes, kind: ContentType) -> Content:
    """Decode the bytes of a text; bytes that cannot be decoded become U+FFFD."""
    text = data.decode(_encoding(data, kind.charset), errors="replace")
    return Content(_without_markup(text), text) if kind.media_type in _MARKUP else Content(text)


def _encoding(data: bytes, charset: str) -> str:
    """Return the encoding: by a byte order mark if there is one, else by the charset, else UTF-8."""
    for mark, encoding in _BYTE_TASK_MARKS:
        if data.startswith(mark):
            return encoding
    try:
        name = codecs.lookup(charset).name if charset else "utf-8"
    except (LookupError, ValueError):
        return "utf-8"
    if name == "utf-16":
        # Without a mark: most characters of a text have a zero byte, which comes first in big-endian order, else
        # second.
        return "utf-16-be" if data[::2].count(0) > data[1::2].count(0) else "utf-16-le"
    return name if _ENCODINGS.match(name) else "utf-8"


def _without_markup(text: str) -> str:
    reader = _Reader()
    if "<![CDATA[" in text:  # its content is text
        text = text.replace("<![CDATA[", "").replace("]]>", "")
    # Other marked sections are comments (HTML standard, "bogus comment state"); the parser refuses them.
    reader.feed(text.replace("<![", "<!"))
    reader.close()
    lines = (line.rstrip(" ") for line in "".join(reader.pieces).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    """Collect the text of a document. Blocks begin a line; cells are separated."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._hidden += tag in _HIDDEN
        self._preformatted += tag == "pre"
        self._part(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        self._preformatted -= tag == "pre" and self._preformatted > 0
        self._part(tag)

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if not self._preformatted:
            data = _BLANKS.sub(" ", data)
            data = data.removeprefix(" ") if self._is_at_line_start() else data
        if data:
            self.pieces.append(data)

    def _is_at_line_start(self) -> bool:
        return not self.pieces or self.pieces[-1].endswith(("\n", " "))

    def _part(self, tag: str) -> None:
        if tag in _LINES:
            self.pieces.append("\n")
        elif tag in _CELLS and not self._is_at_line_start():
            self.pieces.append(" ")
