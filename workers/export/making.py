"""What the makers of exports are given and give back. Callers: `workers.export.runner`, `workers.commands.export`."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from gateway.audit import Actor
from gateway.db.models import Recording
from gateway.exports.wanted import Wanted
from gateway.keys.data_key import DataKey
from gateway.keys.keyring import public_keys
from gateway.storage.original.attest import digest_salt
from workers.export.pack import About, Pack
from workers.running.work import Progress, WorkerContext


@dataclass(frozen=True)
class Making:
    """One export of `recording`, made in the empty folder `scratch`, as `wanted` by `asker` at `made_at`."""

    context: WorkerContext
    recording: Recording
    wanted: Wanted
    scratch: Path
    progress: Progress
    export_id: str
    asker: Actor
    made_at: datetime

    @cached_property
    def key(self) -> DataKey | None:
        """The recording's data key; None when it is from before encryption."""
        return self.context.files.key_of(self.recording)

    def file_name(self) -> str:
        """What the finished ZIP is called."""
        return f"reelgate-{self.wanted.kind}-{self.recording.started_at:%Y%m%d-%H%M%S}-{self.recording.id[:8]}.zip"

    def sign(self, pack: Pack) -> str:
        """Finish the ZIP; the fingerprint of the key it is signed with."""
        with self.context.database.read() as session:
            keys = public_keys(session)
        signer = self.context.keys.signer()
        about = About(
            self.wanted.kind.value,
            self.export_id,
            self.recording.id,
            digest_salt(self.key),
            self.made_at,
            self.asker.name,
        )
        pack.sign(about, keys, signer)
        return signer.fingerprint


@dataclass(frozen=True)
class Made:
    """A finished ZIP in the scratch folder; `facts` say what is in it."""

    path: Path
    facts: dict[str, Any]
