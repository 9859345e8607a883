"""Answering a byte range of a file that may be on disk or in the archive (RFC 9110, section 14).

Callers: the video and original routes. One range a request, as players ask; anything else gets the whole file.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from fastapi import HTTPException, status
from starlette.responses import StreamingResponse

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})$")


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Bounds (start, end exclusive) of the asked range, or None for the whole. Raises HTTP 416 when outside."""
    match = _RANGE.match(header.strip()) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first:
        start, end = int(first), min(int(last) + 1 if last else size, size)
    else:
        start, end = max(0, size - int(last)), size
    if start >= size or end <= start:
        raise HTTPException(
            status.HTTP_416_RANGE_NOT_SATISFIABLE,
            "the range lies outside the file",
            {"Content-Range": f"bytes */{size}"},
        )
    return start, end


def ranged_response(
    read: Callable[[int, int], Iterator[bytes]],
    *,
    size: int,
    media_type: str,
    etag: str,
    range_header: str | None,
    filename: str | None = None,
) -> StreamingResponse:
    """The file or the asked part of it; `read(start, length)` gives its bytes."""
    bounds = parse_range(range_header, size)
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
    code = status.HTTP_206_PARTIAL_CONTENT if bounds else status.HTTP_200_OK
    return StreamingResponse(read(start, end - start), code, headers, media_type)
