"""Serve a byte range of a file on disk or in the archive, or answer a HEAD (RFC 9110, section 14).

One range per request, as players send. Multiple ranges, other units and invalid ranges get the whole file, which the
RFC permits.
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
# A position with more digits is beyond the end of any file.
_MOST_DIGITS: Final = 18


@dataclass(frozen=True)
class RequestedRange:
    """The part of a file that a request asks for."""

    is_head: bool = False
    header: str | None = None
    if_range: str | None = None

    def bounds(self, size: int, etag: str) -> tuple[int, int] | None:
        """Return start and end (exclusive) of the range, or None for the whole file. Raises HTTP 416 if it is out of bounds."""
        if self.is_head or self.header is None:
            return None  # RFC 9110, 14.2: ranges are defined for GET only
        if self.if_range is not None and self.if_range.strip() != etag:
            return None  # 13.1.5: the client has part of another file
        return parse_range(self.header, size)


def _requested_range(request: Request) -> RequestedRange:
    headers = request.headers
    return RequestedRange(request.method == "HEAD", headers.get("range"), headers.get("if-range"))


RequestedRangeDep = Annotated[RequestedRange, Depends(_requested_range)]


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """Return start and end (exclusive) of a single range, or None for the whole file. Raises HTTP 416 if out of bounds."""
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
            f"the range is outside the file, which has {size} bytes",
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
    """Respond with the file or the requested range; `read(start, length)` returns its bytes and is not called for a HEAD."""
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
