"""One clipboard or one file on its way, and the spans it becomes."""

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

# guacd keeps 256 KiB of a clipboard (GUAC_COMMON_CLIPBOARD_MAX_LENGTH), later ones up to 50 MiB where that is set
# (`clipboard-buffer-size`): text of more than this is found by its beginning, and counted as cut.
MAX_CLIPBOARD_BYTES: Final = 1024 * 1024
# Characters of one span; written as JSON with every character escaped it stays within a line of the spans file.
MAX_SPAN_TEXT: Final = 100_000
# Of the markup a text stood in, so much can be searched; a longer one is whole in the original.
_MAX_MARKUP: Final = 4000
# Paths end at 4096 bytes (PATH_MAX of Linux).
MAX_NAME: Final = 4096
# Types have at most 127 characters on each side of the slash (RFC 6838, section 4.2).
_MAX_MIMETYPE: Final = 255


class Moment(NamedTuple):
    """When in the recording, and at which byte of the original."""

    at_ms: int
    byte: int


class ClipboardStream:
    """Keeps the text up to a bound."""

    def __init__(self, direction: Direction | None, mimetype: str, kind: ContentType, begun: Moment) -> None:
        """`mimetype` as the sender wrote it; `kind` is what it says."""
        self._direction, self._mimetype, self._kind, self._begun = direction, mimetype[:_MAX_MIMETYPE], kind, begun
        self._data = bytearray()
        self._size_bytes = 0
        self._is_damaged = False
        self._facts: SentFacts | None = None  # once it has ended

    def add(self, text: str) -> None:
        """The next blob's base64."""
        data = _decoded(text)
        self._is_damaged |= data is None
        self._size_bytes += len(data or b"")
        self._data += (data or b"")[: MAX_CLIPBOARD_BYTES - len(self._data)]

    def end(self, facts: SentFacts) -> None:
        """Its `end` came."""
        self._facts = facts
        self._size_bytes = max(self._size_bytes, facts.size_bytes or 0)

    @property
    def is_withheld(self) -> bool:
        """Whether something was sent of which the recording holds nothing, which is what the policy asks for."""
        return not self._data and not self._is_damaged and self._size_bytes > 0

    @property
    def is_cut(self) -> bool:
        """Whether what is kept is not all of it."""
        return not self.is_withheld and (self._facts is None or self._is_damaged or self._size_bytes > len(self._data))

    def spans(self, ended: Moment) -> Iterator[Span]:
        """The text; several spans when it is long, none when there is none. Markup is an alternative of the first."""
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
    """Counts and digests the content, where it is in the recording; of what the operator sent the recording says both."""

    def __init__(self, direction: Direction | None, mimetype: str, place: tuple[Moment, Moment], name: str) -> None:
        """`place`: where the instruction that names it begins and ends."""
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
        """The next blob's base64."""
        if self._facts is not None:
            return
        data = _decoded(text)
        self._is_damaged |= data is None
        self._size_bytes += len(data or b"")
        self._digest.update(data or b"")
        self._seen = seen

    def end(self, ended: Moment, facts: SentFacts) -> None:
        """Its `end` came; a second one says nothing."""
        if self._facts is None:
            self._facts, self._seen = facts, ended

    def span(self) -> Span:
        """The name, findable by the digest as well; it ends with the last that was seen of the file."""
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
    """The text in parts of at most MAX_SPAN_TEXT characters, cut behind a blank where there is one."""
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
