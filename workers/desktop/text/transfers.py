"""One clipboard or file being transferred, and its spans."""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from gateway.core.desktop.operator_streams import SentFacts
from gateway.core.recording.states import SpanSource
from gateway.core.recording.transfer import Direction, Transfer, TransferEnd
from gateway.renditions.spans import Span
from workers.desktop.text.content_types import ContentType, content
from workers.desktop.text.typed import NO_KEYFRAME

# guacd holds 256 KiB of a clipboard (GUAC_COMMON_CLIPBOARD_MAX_LENGTH), newer versions up to 50 MiB if configured
# (`clipboard-buffer-size`). Of longer text only the beginning is searchable, and it counts as cut.
MAX_CLIPBOARD_BYTES: Final = 1024 * 1024
# Characters of one span: as JSON, even with every character escaped, it fits in a line of the spans file.
MAX_SPAN_TEXT: Final = 100_000
# Searchable characters of a text's markup; the original has all of it.
_MAX_MARKUP: Final = 4000
# Paths have at most 4096 bytes (Linux, PATH_MAX).
MAX_NAME: Final = 4096
# Types have at most 127 characters on each side of the slash (RFC 6838, section 4.2).
_MAX_MIMETYPE: Final = 255


class Moment(NamedTuple):
    """A time in the recording and the byte of the original."""

    at_ms: int
    byte: int


class ClipboardStream:
    """Collect the text of a clipboard up to a limit."""

    def __init__(self, direction: Direction | None, mimetype: str, kind: ContentType, begun: Moment) -> None:
        """`mimetype` is as the sender wrote it; `kind` is the parsed type."""
        self._direction, self._mimetype, self._kind, self._begun = direction, mimetype[:_MAX_MIMETYPE], kind, begun
        self._data = bytearray()
        self._size_bytes = 0
        self._is_damaged = False
        self._facts: SentFacts | None = None  # once it has ended

    def add(self, text: str) -> None:
        """Add the base64 data of the next blob."""
        data = _decoded(text)
        self._is_damaged |= data is None
        self._size_bytes += len(data or b"")
        self._data += (data or b"")[: MAX_CLIPBOARD_BYTES - len(self._data)]

    def end(self, facts: SentFacts) -> None:
        """Handle the stream's `end`."""
        self._facts = facts
        self._size_bytes = max(self._size_bytes, facts.size_bytes or 0)

    @property
    def is_withheld(self) -> bool:
        """Whether something was sent but none of it recorded, as the policy requires."""
        return not self._data and not self._is_damaged and self._size_bytes > 0

    @property
    def is_cut(self) -> bool:
        """Whether part of the content is missing."""
        return not self.is_withheld and (self._facts is None or self._is_damaged or self._size_bytes > len(self._data))

    def spans(self, ended: Moment) -> Iterator[Span]:
        """Yield the text, as several spans if it is long. The markup becomes an alternative of the first."""
        transfer = Transfer(self._direction, self._how(), self._mimetype, self._size_bytes)
        text, markup = content(bytes(self._data), self._kind)
        markup = markup[:_MAX_MARKUP].strip()
        alternatives = (markup,) if markup and text.strip() else ()
        for piece in _pieces(text.strip() or markup):
            yield _span(SpanSource.CLIPBOARD, piece, self._begun, ended, transfer, alternatives)
            alternatives = ()

    def _how(self) -> TransferEnd:
        if self._facts is None:
            return TransferEnd.UNFINISHED
        return TransferEnd.CUT if self.is_cut else TransferEnd.WHOLE


class FileStream:
    """Compute size and digest of a file's content. If the operator sent it, the recording states both instead."""

    def __init__(self, direction: Direction | None, mimetype: str, place: tuple[Moment, Moment], name: str) -> None:
        """`place`: start and end of the instruction that names the file."""
        self._direction, self._mimetype = direction, mimetype[:_MAX_MIMETYPE]
        self._begun, self._seen = place
        self._name = name[:MAX_NAME]
        self._size_bytes = 0
        self._digest = hashlib.sha256()
        self._is_damaged = False
        self._facts: SentFacts | None = None  # once it has ended
        self.is_cut = len(name) > MAX_NAME
        self.is_refused = False

    def add(self, text: str, seen: Moment) -> None:
        """Add the base64 data of the next blob, seen at this moment."""
        if self._facts is not None:
            return
        data = _decoded(text)
        self._is_damaged |= data is None
        self._size_bytes += len(data or b"")
        self._digest.update(data or b"")
        self._seen = seen

    def end(self, ended: Moment, facts: SentFacts) -> None:
        """Handle the stream's `end`; ignore a second one."""
        if self._facts is None:
            self._facts, self._seen = facts, ended

    def span(self) -> Span:
        """Return a span with the file's name, also findable by the digest. It ends with the last data of the file."""
        facts = self._facts or SentFacts()
        sha256 = facts.sha256 or (self._digest.hexdigest() if self._size_bytes else None)
        size_bytes = self._size_bytes if facts.size_bytes is None else facts.size_bytes
        transfer = Transfer(self._direction, self._how(), self._mimetype, size_bytes, sha256)
        alternatives = (sha256,) if sha256 else ()
        return _span(SpanSource.FILE, self._name, self._begun, self._seen, transfer, alternatives)

    def _how(self) -> TransferEnd:
        if self.is_refused:
            return TransferEnd.REFUSED
        if self._facts is None:
            return TransferEnd.UNFINISHED
        return TransferEnd.CUT if self._is_damaged else TransferEnd.WHOLE


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _pieces(text: str) -> Iterator[str]:
    """Split the text into pieces of at most MAX_SPAN_TEXT characters, at a blank if there is one."""
    text = text.strip()
    while text:
        cut = len(text)
        if cut > MAX_SPAN_TEXT:
            cut = max(text.rfind(blank, 1, MAX_SPAN_TEXT) for blank in " \n")
            cut = cut if cut > 0 else MAX_SPAN_TEXT
        yield text[:cut]
        text = text[cut:].lstrip()


def _span(
    source: SpanSource,
    text: str,
    begun: Moment,
    ended: Moment,
    transfer: Transfer,
    alternatives: tuple[str, ...] = (),
) -> Span:
    return Span(
        text=text,
        place=None,
        start_ms=begun.at_ms,
        end_ms=max(ended.at_ms, begun.at_ms + 1),
        confidence=1.0,
        keyframe=NO_KEYFRAME,
        start_byte=begun.byte,
        end_byte=ended.byte,
        alternatives=alternatives,
        source=source,
        transfer=transfer,
    )
