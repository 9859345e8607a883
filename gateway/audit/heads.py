"""Heads of the audit trail outside the database, because checkpoints can be rolled back together with the events.

Each signed head goes to the keys folder, to the log and, every few minutes, to the archive, where it is locked if
possible. Exported bundles carry one as well. A check reads them back: the trail must still have them all.
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from gateway.audit.checkpoints import KeptCheckpoint, parse_kept
from gateway.audit.timestamps import stamp, stamped_at
from gateway.core.errors import InvalidInputError, ReelgateError
from gateway.core.trail import Claim
from gateway.db.columns import utc_now
from gateway.settings import Settings
from gateway.storage.archive import archive_key
from gateway.storage.local import atomic_path
from gateway.storage.stores import Store
from gateway.telemetry import get_logger

_FOLDER: Final = "audit/heads"
# One head per minute would be half a million objects a year; a rollback can hide at most these minutes.
_ARCHIVE_EVERY: Final = timedelta(minutes=10)
# How far back the archive is searched for its newest head.
_SEARCHED_DAYS: Final = 400
_MAX_BYTES: Final = 64 * 1024
_STAMP_EVERY: Final = timedelta(hours=1)
_STAMPED: Final = "stamped.json"
_RESPONSE: Final = ".tsr"
_AFTER_BREAK: Final = "after-break.json"
_log = get_logger()


@dataclass(frozen=True)
class FoundHeads:
    """Heads found outside the database: claims in order, and why a place could not be read."""

    claims: tuple[Claim, ...]
    trouble: str = ""
    stamp: str = ""  # time stamps of an outside authority

    @property
    def newest(self) -> Claim | None:
        """The newest one."""
        return self.claims[-1] if self.claims else None


class Heads:
    """`archive` None: skip the archive."""

    def __init__(self, settings: Settings, archive: Store | None) -> None:
        self._settings = settings
        self._archive = archive
        self._folder = settings.keys_folder / "heads"

    def found(self, keys: Mapping[str, bytes]) -> FoundHeads:
        """Read the stored heads; `keys` are those whose signatures count."""
        claims = [_claim(path.read_bytes(), str(path), keys) for path in sorted(self._folder.glob("*.json"))]
        trouble = ""
        try:
            claims += list(self._archived(keys))
        except ReelgateError as error:
            trouble = f"the archive was not checked: {error}"
            _log.warning("audit_heads.not_read", reason=str(error))
        return FoundHeads(tuple(sorted(claims, key=lambda claim: claim.event_id)), trouble, self._stamp_said())

    def keep(self, head: KeptCheckpoint, *, is_sound: bool) -> None:
        """Store a new head everywhere.

        If `is_sound` is False, existing ones are kept, because the trail contradicts them.
        """
        _log.info("audit_head.recorded", **head.fields())
        try:
            self._keep_in_folder(head, is_sound=is_sound)
        except OSError as error:
            _log.error("audit_head.not_stored", folder=str(self._folder), reason=error.strerror)
        try:
            if is_sound:
                self._stamp(head)
        except (ReelgateError, OSError) as error:
            _log.warning("audit_head.not_stamped", reason=str(error))
        try:
            self._keep_in_archive(head)
        except ReelgateError as error:
            _log.warning("audit_head.not_archived", reason=str(error))

    def _keep_in_folder(self, head: KeptCheckpoint, *, is_sound: bool) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{head.event_id:012d}.json" if is_sound else _AFTER_BREAK
        with atomic_path(self._folder / name) as draft:
            draft.write_text(head.to_json())
        if is_sound:
            for older in self._folder.glob("[0-9]*.json"):
                if older.name < name:
                    older.unlink(missing_ok=True)

    def _stamp(self, head: KeptCheckpoint) -> None:
        """Request a time stamp for the head if one is due. Raises ReelgateError, OSError."""
        path = self._folder / _STAMPED
        if self._settings.timestamp_url is None:
            return
        if path.exists() and utc_now() - _modified(path) < _STAMP_EVERY:
            return
        data = head.to_json().encode()
        response = stamp(self._settings, data)
        for target, content in ((path.with_suffix(_RESPONSE), response), (path, data)):
            with atomic_path(target) as draft:
                draft.write_bytes(content)
        if self._archive is not None:
            for file in (path, path.with_suffix(_RESPONSE)):
                name = f"{head.at:%Y%m%d%H%M%S}-{head.event_id}{file.suffix}"
                self._put(self._archive, file, archive_key(self._settings, "audit/stamps", name))

    def _stamp_said(self) -> str:
        path = self._folder / _STAMPED
        if not path.exists():
            return ""
        try:
            at, is_checked = stamped_at(self._settings, path.read_bytes(), path.with_suffix(_RESPONSE).read_bytes())
            event_id = parse_kept(path.read_bytes()).event_id
        except (ReelgateError, OSError) as error:
            return f"its time stamp is not reliable: {error}"
        by = "" if is_checked else " (the authority was not checked: set REELGATE_TIMESTAMP_CA)"
        return f"event {event_id} was time-stamped {at:%Y-%m-%d %H:%M:%S}Z{by}"

    def _put(self, archive: Store, path: Path, key: str) -> None:
        """Archive a file, locked if the archive supports it."""
        stored = archive.put(path, key)
        days = self._settings.audit_head_lock_days
        if days and archive.can_lock:
            archive.set_retention(key, stored.version_id, utc_now() + timedelta(days=days))

    def _keep_in_archive(self, head: KeptCheckpoint) -> None:
        if self._archive is None:
            return
        last = max(self._archived_keys(self._archive, days=2), default="")
        if last and _time_of(last) > head.at - _ARCHIVE_EVERY:
            return
        key = archive_key(self._settings, f"{_FOLDER}/{head.at:%Y-%m-%d}", f"{head.at:%H%M%S}-{head.event_id}.json")
        with tempfile.NamedTemporaryFile("w", suffix=".json") as draft:
            draft.write(head.to_json())
            draft.flush()
            self._put(self._archive, Path(draft.name), key)

    def _archived(self, keys: Mapping[str, bytes]) -> Iterator[Claim]:
        """Return the newest head in the archive, in every version."""
        if self._archive is None:
            return
        newest = max(self._archived_keys(self._archive, days=_SEARCHED_DAYS), default=None)
        if newest is None:
            return
        for stored in self._archive.versions(newest):
            pieces = self._archive.open_range(stored.key, 0, _MAX_BYTES, stored.version_id)
            yield _claim(b"".join(pieces), f"{self._archive.place}, {stored.key}", keys)

    def _archived_keys(self, archive: Store, *, days: int) -> list[str]:
        """Return the keys of the newest day that has any, looking back a limited number of days."""
        today = utc_now() + timedelta(days=1)  # another gateway's clock may be ahead
        for back in range(days + 1):
            prefix = archive_key(self._settings, f"{_FOLDER}/{today - timedelta(days=back):%Y-%m-%d}", "")
            found = [stored.key for stored in archive.versions(prefix)]
            if found:
                return found
        return []


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _time_of(key: str) -> datetime:
    """Return when a head was archived, from its key."""
    _, day, name = key.rsplit("/", 2)
    return datetime.strptime(f"{day} {name[:6]} +0000", "%Y-%m-%d %H%M%S %z")


def _claim(data: bytes, place: str, keys: Mapping[str, bytes]) -> Claim:
    """Return what a stored head claims; one that is unreadable or not signed by this site is an unsigned claim."""
    try:
        kept = parse_kept(data)
    except InvalidInputError:
        return Claim(0, utc_now(), "", is_signed=False, place=place)
    claim = kept.claim()
    is_trusted = keys.get(kept.key_id, b"").hex() == kept.raw_key().hex()
    return replace(claim, is_signed=claim.is_signed and is_trusted, place=place)
