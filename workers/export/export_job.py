"""Input and output of the export makers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from gateway.audit import Actor
from gateway.db.models import Recording
from gateway.exports.export_request import ExportRequest
from gateway.keys.data_key import DataKey
from gateway.keys.site import public_keys
from gateway.storage.original.attest import digest_salt
from workers.export.pack import About, Pack
from workers.running.work import Progress, WorkerContext


@dataclass(frozen=True)
class ExportJob:
    """One export of `recording`, made in the empty folder `scratch`, as requested by `requester` at `made_at`."""

    context: WorkerContext
    recording: Recording
    request: ExportRequest
    scratch: Path
    progress: Progress
    export_id: str
    requester: Actor
    made_at: datetime

    @cached_property
    def key(self) -> DataKey:
        """The recording's data key."""
        return self.context.files.key_of(self.recording)

    def file_name(self) -> str:
        """File name of the finished ZIP."""
        return f"reelgate-{self.request.kind}-{self.recording.started_at:%Y%m%d-%H%M%S}-{self.recording.id[:8]}.zip"

    def sign(self, pack: Pack) -> str:
        """Finish the ZIP; return the fingerprint of the signing key."""
        with self.context.database.read() as session:
            keys = public_keys(session)
        signer = self.context.keys.signer()
        about = About(
            self.request.kind.value,
            self.export_id,
            self.recording.id,
            digest_salt(self.key),
            self.made_at,
            self.requester.name,
        )
        pack.sign(about, keys, signer)
        return signer.fingerprint


@dataclass(frozen=True)
class ExportResult:
    """A finished ZIP in the scratch folder; `facts` describe its content."""

    path: Path
    facts: dict[str, Any]


ExportMaker = Callable[[ExportJob], ExportResult]
"""Makes the ZIP of one kind of export in the job's scratch folder."""
