"""Export links, which work without a sign-in: the secret in the request's body gives access to one file.

Used by the page `/download` (web/src/features/exports/DownloadPage.tsx). It submits a form, so that the browser streams
the file to disk whatever its size; errors redirect back to the page.
"""

from typing import Annotated, Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, HTTPException, Request, status
from starlette.responses import RedirectResponse, Response

from gateway.api.deps import GatewayStateDep
from gateway.api.exports import schemas, service
from gateway.api.ranges import RequestedRange
from gateway.context import GatewayState
from gateway.exports import links
from gateway.exports.links import LinkProblem, LinkRefusedError
from gateway.requester import client_address
from gateway.telemetry import get_logger

router = APIRouter(prefix="/export_links", tags=["exports"])
# The form field with its secret takes 50 bytes.
_MAX_FORM_BYTES: Final = 1000
_BUSY: Final = "busy"
_FORM: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "required": ["secret"], "properties": {"secret": {"type": "string"}}}
            }
        },
    }
}
_log = get_logger()


async def posted_secret(request: Request) -> str:
    """Return the form field `secret`, empty if missing."""
    body = await request.body()
    if len(body) > _MAX_FORM_BYTES:
        return ""
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=2)
    except ValueError:
        return ""
    return fields.get("secret", [""])[0]


@router.post("/describe", responses={429: {"description": "too often"}})
def describe_link(body: schemas.LinkSecret, request: Request, state: GatewayStateDep) -> schemas.LinkedExport:
    """Return what a link gives access to, and until when."""
    if not state.link_attempts.allow(client_address(request)):
        raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS, "too many attempts; wait a minute")
    with state.database.read() as session:
        try:
            return service.linked(*links.find(session, body.secret))
        except LinkRefusedError as error:
            return schemas.LinkedExport(problem=error.problem)


@router.post("/download", response_class=Response, responses={303: {"description": "why not"}}, openapi_extra=_FORM)
def download(request: Request, secret: Annotated[str, Depends(posted_secret)], state: GatewayStateDep) -> Response:
    """Download the file. The use is counted and audited before the first byte is sent."""
    address = client_address(request)
    if not state.link_attempts.allow(address):
        return _back(_BUSY)
    return _used(state, secret, address)


def _used(state: GatewayState, secret: str, address: str) -> Response:
    with state.database.write() as session:
        export, problem = links.use(session, secret, address)
    if export is None:
        _log.warning("export_link.refused", problem=problem, address=address)
        return _back(problem or LinkProblem.UNKNOWN)
    return service.file_response(state, export, RequestedRange())


def _back(problem: str) -> Response:
    """Redirect to the page: See Other turns the POST into a GET (RFC 9110, 15.4.4)."""
    return RedirectResponse(f"/download?problem={problem}", status.HTTP_303_SEE_OTHER)
