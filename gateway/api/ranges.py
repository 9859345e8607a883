"""Answer a byte range of a file that may be on disk or in the archive (RFC 9110, section 14), or a HEAD for it.

One range a request, as players ask. Several ranges, other units and invalid ranges get the whole file, as the RFC permits.
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request, status
from starlette.responses import Response, StreamingResponse

_RANGES: Final = re.compile(r"\s*bytes\s*=(.*)", re.IGNORECASE | re.ASCII)
_RANGE: Final = re.compile(r"([0-9]*)\s*-\s*([0-9]*)", re.ASCII)
# Positions of more digits are beyond the end of any file.
_MOST_DIGITS: Final = 18


@dataclass(frozen=True)
class RequestedRange:
    """What a request says about how much of a file it wants."""

    is_head: bool = False
    header: str | None = None
    if_range: str | None = None

    def bounds(self, size: int, etag: str) -> tuple[int, int] | None:
        """Start and end (exclusive) of the range, or None for the whole file. Raises HTTP 416 when it lies outside."""
        if self.is_head or self.header is None:
            return None  # RFC 9110, 14.2: a range is asked for by GET alone
        if self.if_range is not None and self.if_range.strip() != etag:
            return None  # 13.1.5: the asker has a part of another file
        return parse_range(self.header, size)


def _requested_range(request: Request) -> RequestedRange:
    headers = request.headers
    return RequestedRange(request.method == "HEAD", headers.get("range"), headers.get("if-range"))


RequestedRangeDep = Annotated[RequestedRange, Depends(_requested_range)]


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """Start and end (exclusive) of the one range asked for, or None for the whole file. Raises HTTP 416 when outside."""
    match = _RANGES.fullmatch(header)
    parts = [part.strip() for part in match[1].split(",") if part.strip()] if match else []
    one = _RANGE.fullmatch(parts[0]) if len(parts) == 1 else None
    if one is None or one.groups() == ("", ""):
        return None
    if not one[1]:
        start, end = max(0, size - _position(one[2])), size
    else:
        start, last = _position(one[1]), _position(one[2]) if one[2] else size - 1
        if one[2] and last < start:
            return None
        end = min(last + 1, size)
    if start >= size:
        raise HTTPException(
            status.HTTP_416_RANGE_NOT_SATISFIABLE,
            f"the range lies outside the file, which has {size} bytes",
            {"Content-Range": f"bytes */{size}"},
        )
    return start, end


def _position(digits: str) -> int:
    digits = digits.lstrip("0")
    return int(digits or "0") if len(digits) <= _MOST_DIGITS else sys.maxsize


def ranged_response(
    read: Callable[[int, int], Iterator[bytes]],
    *,
    size: int,
    media_type: str,
    etag: str,
    asked: RequestedRange,
    filename: str | None = None,
) -> Response:
    """The file or the asked part of it; `read(start, length)` gives its bytes, and is not called for a HEAD."""
    bounds = asked.bounds(size, f'"{etag}"')
    start, end = bounds or (0, size)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(end - start),
        "ETag": f'"{etag}"',
        "Cache-Control": "private, no-store",
    }
    if bounds:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    if filename:
        headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    if asked.is_head:
        return Response(None, status.HTTP_200_OK, headers, media_type)
    code = status.HTTP_206_PARTIAL_CONTENT if bounds else status.HTTP_200_OK
    return StreamingResponse(read(start, end - start), code, headers, media_type)
