"""Compare what was read with what the manifest vouches for."""

import hashlib

from gateway.core.recording.entries import Chunk, Found


class ChunkVerifier:
    """Compare a segment's content with the chunks that cover it, and digest what none covers."""

    def __init__(self, pieces: tuple[Chunk | Found, ...], salt: bytes) -> None:
        self._pieces = list(pieces)
        self._salt = salt
        self._digest = hashlib.sha256(salt)
        self._at = self._piece_start = 0
        self._wrong: str | None = None

    def feed(self, content: bytes) -> None:
        data = memoryview(content)
        while data:
            left = self._pieces[0].end - self._at if self._pieces else len(data)
            self._digest.update(data[:left])
            self._at += len(data[:left])
            data = data[left:]
            if self._pieces and self._at == self._pieces[0].end:
                self._end_piece()

    def _end_piece(self) -> None:
        piece = self._pieces.pop(0)
        if piece.digest != self._digest.hexdigest() or piece.start != self._piece_start:
            self._wrong = self._wrong or f"bytes {piece.start} to {piece.end} are not what was written"
        self._digest, self._piece_start = hashlib.sha256(self._salt), self._at

    def fault(self, size_bytes: int) -> str | None:
        if self._pieces and self._wrong is None:
            return f"bytes {size_bytes} to {self._pieces[-1].end} are missing"
        return self._wrong

    def rest(self, number: int, size_bytes: int) -> Found | None:
        """Return bytes after the last piece. Content that ends within a piece is damaged rather than found."""
        if self._pieces or size_bytes == self._piece_start:
            return None
        return Found(number, self._piece_start, size_bytes, self._digest.hexdigest())
