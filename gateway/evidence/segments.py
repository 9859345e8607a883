"""Check a segment against its manifest."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.core.recording.entries import Chunk, Entry, Found, SegmentClosed
from gateway.evidence.faults import Fault, of_content, of_stored
from gateway.evidence.records import Records, Unreadable


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the manifest says about one segment. `pieces` by their lines; `is_complete`: no line of it was in doubt."""

    pieces: tuple[tuple[int, Chunk | Found], ...]
    closed: SegmentClosed | None
    is_complete: bool

    @classmethod
    def of(cls, number: int, entries: Mapping[int, Entry], *, is_complete: bool) -> "Vouched":
        """Collect `entries` by line, without those in doubt."""
        pieces = [
            (line, entry)
            for line, entry in entries.items()
            if isinstance(entry, Chunk | Found) and entry.segment == number
        ]
        pieces.sort(key=lambda piece: piece[1].start)
        closed = (entry for entry in entries.values() if isinstance(entry, SegmentClosed) and entry.number == number)
        return cls(tuple(pieces), next(closed, None), is_complete)


class SegmentCheck:
    """The check of one segment. Call `run` once, then read `faults`, `size_bytes` and `sha256` (of the content)."""

    def __init__(self, name: str, vouched: Vouched, salt: bytes, joined: Iterable["hashlib._Hash"] = ()) -> None:
        """`joined` are digests over all segments, which this one continues."""
        self.name = name
        self.faults: list[Fault] = []
        self.size_bytes = 0
        self._vouched = vouched
        self._salt = salt
        self._left = list(vouched.pieces)
        self._digests = (hashlib.sha256(), *joined)
        self._digest = hashlib.sha256(salt)
        self._is_spoilt = False  # whether a part of the current piece cannot be read
        self._vouched_bytes = 0  # up to where pieces were, one after the other
        self._lost_end: Unreadable | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 in hex."""
        return self._digests[0].hexdigest()

    def run(self, records: Records, *, is_stored: bool = True) -> None:
        """Check all of it. `is_stored`: the records are of the file the manifest describes, not of a copy."""
        for part in records:
            if isinstance(part, Unreadable):
                self._skip(part)
            else:
                self._take(part)
        closed = self._vouched.closed if is_stored else None
        is_as_closed = closed is not None and (closed.stored_bytes, closed.stored_sha256) == (
            records.stored_bytes,
            records.stored_sha256,
        )
        if closed is not None and self._is_cut(closed, records):
            self._note_cut(closed, records)
            return
        self._check_end(is_as_closed=is_as_closed)
        if closed is not None and not is_as_closed and not self.faults:
            text = "it is not the file that was recorded: its digest differs"
            self.faults.append(of_stored(self.name, 0, records.stored_bytes, text))

    def _take(self, content: bytes) -> None:
        for digest in self._digests:
            digest.update(content)
        data = memoryview(content)
        while data:
            data = data[self._advance(data) :]

    def _advance(self, data: memoryview) -> int:
        """Advance to the next bound of a piece; return the number of bytes."""
        bounds = self._bounds()
        count = len(data) if bounds is None else min(len(data), bounds - self.size_bytes)
        self._digest.update(data[:count])
        self.size_bytes += count
        self._close_piece()
        return count

    def _skip(self, part: Unreadable) -> None:
        start = self.size_bytes
        if part.content_bytes is None:
            self._lost_end = part
            return
        end = start + part.content_bytes
        self._is_spoilt = self._is_spoilt or end > start
        while (bounds := self._bounds()) is not None and bounds <= end:
            self.size_bytes = bounds
            self._close_piece()
            self._is_spoilt = end > bounds
        self.size_bytes = end
        self._note_unreadable(part, start, end)

    def _note_unreadable(self, part: Unreadable, start: int, end: int) -> None:
        lost = f"; bytes {start} to {end} of its content cannot be read" if end > start else ""
        self.faults.append(of_stored(self.name, part.start, part.end, part.text + lost))

    def _bounds(self) -> int | None:
        """Return where the current piece, or the hole before it, ends."""
        if not self._left:
            return None
        piece = self._left[0][1]
        return piece.end if piece.start <= self.size_bytes else piece.start

    def _close_piece(self) -> None:
        """Compare the piece that ends at this bound, if any, and start the next one."""
        if not self._left or self.size_bytes not in {self._left[0][1].start, self._left[0][1].end}:
            return
        line, piece = self._left[0]
        if self.size_bytes != piece.end:
            self._note_unvouched(self._vouched_bytes, piece.start)
        else:
            self._vouched_bytes = piece.end
            del self._left[0]
            if not self._is_spoilt and self._digest.hexdigest() != piece.digest:
                text = f"these are not the bytes that line {line} of the manifest covers"
                self.faults.append(of_content(self.name, piece.start, piece.end, text))
        self._digest, self._is_spoilt = hashlib.sha256(self._salt), False

    def _is_cut(self, closed: SegmentClosed, records: Records) -> bool:
        is_otherwise_sound = self._lost_end is None or self._lost_end.is_torn
        return records.stored_bytes < closed.stored_bytes and is_otherwise_sound

    def _note_cut(self, closed: SegmentClosed, records: Records) -> None:
        missing = f"{closed.stored_bytes - records.stored_bytes} bytes at its end are missing"
        content = f"bytes {self.size_bytes} to {closed.size_bytes} of its content with them"
        text = (
            f"the file was truncated: {missing}, {content}"
            if closed.size_bytes > self.size_bytes
            else f"it was truncated: {missing}"
        )
        self.faults.append(of_stored(self.name, records.stored_bytes, closed.stored_bytes, text))

    def _check_end(self, *, is_as_closed: bool) -> None:
        vouched_bytes = max([piece.end for _line, piece in self._vouched.pieces], default=0)
        if self._lost_end is not None:
            # If the writer was killed, the file ends in a torn record and was sealed like that.
            if self._left or not is_as_closed:
                self._note_unreadable(self._lost_end, self.size_bytes, max(self.size_bytes, vouched_bytes))
        elif self._left:
            text = "the manifest covers bytes that do not exist"
            self.faults.append(of_content(self.name, self.size_bytes, self._left[-1][1].end, text))
        else:
            self._note_unvouched(vouched_bytes, self.size_bytes)

    def _note_unvouched(self, start: int, end: int) -> None:
        """Report bytes no line covers, unless doubtful lines of the manifest may cover them."""
        if start < end and self._vouched.is_complete:
            self.faults.append(of_content(self.name, start, end, "no line of the manifest covers these bytes"))
