"""Build responses for exports, and serve their files."""

from urllib.parse import quote

from starlette.responses import Response

from gateway.api.exports import schemas
from gateway.api.ranges import RequestedRange, ranged_response
from gateway.context import GatewayState
from gateway.db.columns import utc_now
from gateway.db.models import Export, ExportLink
from gateway.db.repositories.exports import ListedExport
from gateway.exports import files
from gateway.exports.links import problem_of

_SHOWN = ("start_ms", "end_ms", "query", "name_rules")


def shown(row: ListedExport) -> schemas.ExportOut:
    """Return one export. Redaction rules appear as counts only, because lists are read over people's shoulders."""
    export, task = row.export, row.task
    rules = task.parameters.get("rules") or {}
    requested = {name: task.parameters.get(name) for name in _SHOWN}
    requested |= {f"{name[:-1]}_count": len(rules.get(name, ())) for name in ("terms", "patterns", "regions")}
    requested["min_confidence"] = rules.get("min_confidence", 0.0)
    return schemas.ExportOut(
        **export.model_dump(exclude={"task_id", "created_by"}),
        recording_kind=row.recording.kind,
        operator_name=row.recording.operator_name,
        target_name=row.recording.target_name,
        recorded_at=row.recording.started_at,
        state=task.state,
        progress=task.progress,
        error=task.error,
        created_by_name=task.requested_by_name,
        requested=requested,
        links=[link_shown(link, export) for link in row.links],
    )


def link_shown(link: ExportLink, export: Export) -> schemas.LinkOut:
    """Return one link, without its secret."""
    values = link.model_dump(exclude={"export_id", "token_hash", "created_by"})
    return schemas.LinkOut(**values, problem=problem_of(link, export, utc_now()))


def linked(link: ExportLink, export: Export) -> schemas.LinkedExport:
    """Return a link as its recipient sees it."""
    return schemas.LinkedExport(
        problem=None,
        kind=export.kind,
        name=export.name,
        size_bytes=export.size_bytes,
        sha256=export.sha256,
        recipient=link.recipient,
        expires_at=min(link.expires_at, export.expires_at),
        uses_left=link.use_limit - link.use_count,
    )


def file_response(state: GatewayState, export: Export, asked: RequestedRange) -> Response:
    """Stream the file or a range of it, decrypted on the fly. Raises NotFoundError or DamagedError before sending anything."""
    return ranged_response(
        lambda start, length: files.read(state.settings, state.database, state.keys.data, export, start, length),
        size=export.size_bytes or 0,
        media_type="application/zip",
        etag=export.sha256 or export.id,
        asked=asked,
        filename=quote(export.name),
    )
