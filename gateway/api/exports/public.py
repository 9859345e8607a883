"""What answers without a sign-in: a link's secret, in the body of a request, for what it is and for its file.

The page that asks is `/download` (web/src/features/exports/DownloadPage.tsx). It asks for the file by a form, so that the
browser itself writes it to disk however large it is; what is wrong is then said by sending the browser back to the page.
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
# A secret with its name is 50 bytes.
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
    """The form's field `secret`; empty when there is none."""
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
    """What a link is for, and for how long."""
    if not state.link_attempts.allow(client_address(request)):
        raise HTTPException(status.HTTP_429_TOO_MANY_REQUESTS, "too many attempts; wait a minute")
    with state.database.read() as session:
        try:
            return service.linked(*links.find(session, body.secret))
        except LinkRefusedError as error:
            return schemas.LinkedExport(problem=error.problem)


@router.post("/download", response_class=Response, responses={303: {"description": "why not"}}, openapi_extra=_FORM)
def download(request: Request, secret: Annotated[str, Depends(posted_secret)], state: GatewayStateDep) -> Response:
    """The file; the use is counted and in the audit trail before the first byte."""
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
    """To the page, with the answer to a POST turned into a GET (RFC 9110, 15.4.4)."""
    return RedirectResponse(f"/download?problem={problem}", status.HTTP_303_SEE_OTHER)
