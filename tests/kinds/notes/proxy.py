"""How notes come in, as proxies/notes would have it: a session that somebody dictates."""

from collections.abc import Sequence
from functools import partial

from starlette.concurrency import run_in_threadpool

from gateway.db.models import Credential, Target
from gateway.db.repositories.users import SignedIn
from gateway.sessions.closing import close_session
from gateway.sessions.endings import OPERATOR_LEFT
from gateway.sessions.live_state import LiveState
from gateway.sessions.opening import Opened, ProxySide, open_session
from tests.kinds.notes.kind import NOTES
from tests.kinds.notes.stream import Note, encode


class NotesClock:
    """Stands where the last note was."""

    def __init__(self) -> None:
        self.at_ms = 0

    def since_start_ms(self) -> int:
        return self.at_ms


def _parameters(_target: Target, _credential: Credential | None) -> None:
    """Nothing is connected to."""


async def dictate(
    state: LiveState, known: SignedIn, ticket: str, address: str, notes: Sequence[Note], torn: bytes
) -> str:
    """A whole session, with `torn` behind its notes; returns its recording's id."""
    clock = NotesClock()
    side = ProxySide(NOTES.name, clock, _parameters)
    opened = await run_in_threadpool(open_session, state, known, ticket, address, side)
    assert isinstance(opened, Opened), opened
    recorder = opened.recorder
    for note in notes:
        line = encode(note)
        clock.at_ms = note.at_ms
        assert await recorder.write(line, 1)
        recorder.shown(len(line), 1)
    if torn:
        assert await recorder.write(torn)
    await recorder.close(OPERATOR_LEFT.reason)
    close = partial(close_session, state.database, state.send_job, opened.session_id, OPERATOR_LEFT)
    await run_in_threadpool(close, closing=recorder.closing)
    return opened.recording_id
