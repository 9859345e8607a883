"""The built web pages (`web/dist`), served by the gateway itself: any path that is no file is the application's."""

from pathlib import Path

from fastapi import FastAPI, HTTPException, status
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_NOT_PAGES = ("api/", "health", "metrics")


class _Pages(StaticFiles):
    """Files as they are; unknown paths get the start page, which routes in the browser."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except StarletteHTTPException as error:
            if error.status_code != status.HTTP_404_NOT_FOUND or path.startswith(_NOT_PAGES):
                raise
            response = await super().get_response("index.html", scope)
        if isinstance(response, FileResponse) and path.startswith("assets/"):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"  # names carry a content hash
        else:
            response.headers["Cache-Control"] = "no-cache"
        return response


def mount_pages(app: FastAPI, folder: Path) -> None:
    """Serve the pages, or say how to build them where they are missing."""
    if (folder / "index.html").is_file():
        app.mount("/", _Pages(directory=folder, html=True), name="pages")
        return

    @app.get("/", include_in_schema=False)
    def not_built() -> None:
        raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, "the web pages are not built; run: make setup")
