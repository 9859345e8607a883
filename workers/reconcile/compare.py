"""Compare one recording's rows with the bytes on disk and in the archive. Changes nothing.

A quick comparison covers presence and sizes. A deep one reads every byte and compares digests, as does any comparison
of a file that was found damaged before.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gateway.core.errors import NotFoundError, UnavailableError
from gateway.core.reconcile import BY_TRAIL, IN_ARCHIVE, DiscrepancyKind
from gateway.core.recording.layout import MANIFEST
from gateway.core.recording.states import RecordingState, Tier
from gateway.db.models import ArchiveObject
from gateway.db.repositories.recordings import RecordedFile
from gateway.db.repositories.stored import Claims
from gateway.storage.archive import archive_key
from gateway.storage.local import read_range, sha256_of
from gateway.storage.stores import Store
from workers.reconcile.quarantine import quarantine_of
from workers.running.work import WorkerContext
from workers.tier.expiry import trash_folder


@dataclass(frozen=True)
class Mismatch:
    """One discrepancy: of a file by `name`, or of a folder."""

    kind: DiscrepancyKind
    name: str
    detail: str

    @property
    def key(self) -> tuple[DiscrepancyKind, str]:
        """Identifies it within the recording."""
        return self.kind, self.name


@dataclass(frozen=True)
class Look:
    """What to compare: `deep` everything, `suspects` always in full; `archive` None: skip it."""

    deep: bool
    suspects: Collection[str]
    archive: Store | None


@dataclass(frozen=True)
class Comparison:
    """What was found, which kinds were checked, and why the archive was not, if so."""

    mismatches: list[Mismatch]
    looked_for: frozenset[DiscrepancyKind]
    archive_trouble: str | None = None


def compare(context: WorkerContext, claims: Claims, look: Look) -> Comparison:
    """Compare all of one recording; if the archive does not answer, report that and compare the rest."""
    mismatches = list(_on_disk(context, claims, look))
    everything = frozenset(DiscrepancyKind) - BY_TRAIL
    if look.archive is None:
        return Comparison(mismatches, everything - IN_ARCHIVE - {DiscrepancyKind.PURGED_REMAINS})
    try:
        return Comparison([*mismatches, *_in_archive(context, claims, look, look.archive)], everything)
    except UnavailableError as error:
        return Comparison(mismatches, everything - IN_ARCHIVE - {DiscrepancyKind.PURGED_REMAINS}, str(error))


def _on_disk(context: WorkerContext, claims: Claims, look: Look) -> Iterator[Mismatch]:
    recording = claims.recording
    if recording.state is RecordingState.PURGED:
        if recording.purged_at is not None:  # the purge is still in progress
            yield from _left(context, claims, DiscrepancyKind.PURGED_REMAINS)
    elif recording.tier is Tier.HOT:
        for file in claims.files.values():
            yield from _hot_file(context, claims, file, is_deep=look.deep or file.name in look.suspects)
        if MANIFEST not in claims.files and context.files.hot_path(recording, MANIFEST) is None:
            yield Mismatch(DiscrepancyKind.HOT_MISSING, MANIFEST, "the file is not there")
    else:
        yield from _left(context, claims, DiscrepancyKind.HOT_LEFTOVER)


def _hot_file(context: WorkerContext, claims: Claims, file: RecordedFile, *, is_deep: bool) -> Iterator[Mismatch]:
    path = context.files.hot_path(claims.recording, file.name)
    if path is None:
        yield Mismatch(DiscrepancyKind.HOT_MISSING, file.name, "the file is not there")
    elif (size := path.stat().st_size) != file.size_bytes:
        detail = f"the file has {size} bytes and must have {file.size_bytes}"
        yield Mismatch(DiscrepancyKind.HOT_DAMAGED, file.name, detail)
    elif is_deep and not is_whole(read_range(path), file):
        yield Mismatch(DiscrepancyKind.HOT_DAMAGED, file.name, "the file's digest is not the recorded one")


def _left(context: WorkerContext, claims: Claims, kind: DiscrepancyKind) -> Iterator[Mismatch]:
    folders = [context.files.folder(claims.recording)]
    if kind is DiscrepancyKind.PURGED_REMAINS:
        folders += [trash_folder(folders[0]), quarantine_of(context, claims.recording.id)]
    left = [path for folder in folders for path in _files_below(folder)]
    if left:
        size = sum(path.stat().st_size for path in left)
        yield Mismatch(kind, claims.recording.folder, f"{len(left)} files with {size} bytes are still on disk")


def _files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _in_archive(context: WorkerContext, claims: Claims, look: Look, store: Store) -> Iterator[Mismatch]:
    if claims.recording.state is RecordingState.PURGED:
        if claims.recording.purged_at is not None:
            yield from _not_purged(context, claims, store)
        return
    for name, copy in claims.archived.items():
        yield from compare_archived(store, copy, is_deep=look.deep or name in look.suspects)
    if claims.recording.state is RecordingState.ARCHIVED:
        for name in sorted((claims.files.keys() | {MANIFEST}) - claims.archived.keys()):
            yield Mismatch(DiscrepancyKind.ARCHIVE_MISSING, name, "no verified copy is on record")


def compare_archived(store: Store, copy: ArchiveObject, *, is_deep: bool) -> Iterator[Mismatch]:
    """Compare one archived copy with its row. Raises UnavailableError."""
    found = store.stat(copy.key, copy.version_id)
    if found is None:
        yield Mismatch(DiscrepancyKind.ARCHIVE_MISSING, copy.name, "the object is not there")
    elif found.size_bytes != copy.size_bytes:
        detail = f"the object has {found.size_bytes} bytes and must have {copy.size_bytes}"
        yield Mismatch(DiscrepancyKind.ARCHIVE_DAMAGED, copy.name, detail)
    elif is_deep:
        whole = RecordedFile(copy.name, copy.size_bytes, copy.sha256)
        try:
            pieces = store.open_range(copy.key, version_id=copy.version_id)
        except NotFoundError:
            yield Mismatch(DiscrepancyKind.ARCHIVE_MISSING, copy.name, "the object is not there")
            return
        if not is_whole(pieces, whole):
            yield Mismatch(DiscrepancyKind.ARCHIVE_DAMAGED, copy.name, "the object's digest is not the recorded one")


def _not_purged(context: WorkerContext, claims: Claims, store: Store) -> Iterator[Mismatch]:
    """Yield every version of every object, whatever the rows say."""
    folder = archive_key(context.settings, claims.recording.folder, "")
    for stored in sorted(store.versions(folder)):
        version = f", version {stored.version_id}" if stored.version_id else ""
        detail = f"the archive still has it, with {stored.size_bytes} bytes{version}"
        yield Mismatch(DiscrepancyKind.PURGED_REMAINS, stored.key.removeprefix(folder), detail)


def is_whole(pieces: Iterable[bytes], file: RecordedFile) -> bool:
    """Whether these are the recorded bytes."""
    return sha256_of(pieces) == (file.sha256, file.size_bytes)
