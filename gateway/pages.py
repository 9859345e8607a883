"""Serve the built web pages (`web/dist`); any path that is not a file gets the application's start page.

Files are compressed by the build (`web/plugins/compressed.ts`), as `NAME.br` and `NAME.gz` beside `NAME`, not on request.
"""

import json
import mimetypes
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from anyio import to_thread
from fastapi import FastAPI, HTTPException, status
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

# Paths that never get the start page: a missing build file (an old name after an update) must not return HTML.
_NOT_PAGES: Final = ("api/", "health", "metrics", "assets/")
_ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}  # the smallest first
_PRELOADS: Final = "preloads.json"
# Media types of the build's files; slim containers have no system list.
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


class _Pages(StaticFiles):
    """Serves files in the smallest accepted encoding; unknown paths get the start page, which routes in the browser."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True)
        self._preloads = _read_preloads(folder)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if path.endswith(tuple(_ENCODINGS.values())) or path == _PRELOADS:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        try:
            return await self._file(path, scope)
        except StarletteHTTPException as error:
            if error.status_code != status.HTTP_404_NOT_FOUND or path.startswith(_NOT_PAGES):
                raise
            return await self._start_page(path, scope)

    async def _start_page(self, path: str, scope: Scope) -> Response:
        """Return the start page, with preload headers for the files this address needs."""
        response = await self._file("index.html", scope)
        if links := self._preloads.get(_pattern_of(path)):
            response.headers["Link"] = links
        return response

    async def _file(self, path: str, scope: Scope) -> Response:
        plain = await super().get_response(path, scope)
        if not isinstance(plain, FileResponse | NotModifiedResponse):
            return plain  # a redirect
        name = "index.html" if path == "." else path
        response = await self._encoded(name, scope) or plain
        if isinstance(response, FileResponse):
            response.headers["Content-Type"] = _content_type(name)
        response.headers["Vary"] = "Accept-Encoding"
        # Names below assets/ carry a hash of their content.
        is_hashed = path.startswith("assets/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_hashed else "no-cache"
        return response

    async def _encoded(self, name: str, scope: Scope) -> Response | None:
        """Return the compressed file, or None if the browser does not accept it or there is none."""
        for encoding in accepted_encodings(Headers(scope=scope).get("accept-encoding", "")):
            path, found = await to_thread.run_sync(self.lookup_path, name + _ENCODINGS[encoding])
            if found is None or not stat.S_ISREG(found.st_mode):
                continue
            response = self.file_response(path, found, scope)
            if isinstance(response, FileResponse):
                response.headers["Content-Encoding"] = encoding
            return response
        return None


def accepted_encodings(header: str) -> list[str]:
    """Return the available encodings that an Accept-Encoding header accepts, best first (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = _weight(parameter)
    offered = {name: weights.get(name, weights.get("*", 0.0)) for name in _ENCODINGS}
    return sorted((name for name, weight in offered.items() if weight > 0), key=lambda name: -offered[name])


def _weight(parameter: str) -> float:
    """Parse `q=0.5` as 0.5; 1 if missing, 0 if invalid."""
    if not parameter.strip():
        return 1.0
    name, _, value = parameter.partition("=")
    try:
        return float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0


def _content_type(name: str) -> str:
    kind = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _read_preloads(folder: Path) -> Mapping[str, str]:
    """Return the Link header of each address; empty if the build wrote no list."""
    path = folder / _PRELOADS
    if not path.is_file():
        return {}
    files: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return {address: ", ".join(map(_link, names)) for address, names in files.items()}


def _link(name: str) -> str:
    """Return a preload link; `crossorigin` must match the page's own request, or the file is fetched twice."""
    kind = "modulepreload" if name.endswith(".js") else "preload; as=style"
    return f"</{name}>; rel={kind}; crossorigin"


def _pattern_of(path: str) -> str:
    """Turn `recordings/0197...` into `/recordings/:id`."""
    first, separator, _ = path.partition("/")
    return f"/{first}/:id" if separator else f"/{first}"


def mount_pages(app: FastAPI, folder: Path) -> None:
    """Serve the pages, or explain how to build them if they are missing."""
    if (folder / "index.html").is_file():
        app.mount("/", _Pages(folder), name="pages")
        return

    @app.get("/", include_in_schema=False)
    def not_built() -> None:
        raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, "the web pages are not built; run: make setup")
