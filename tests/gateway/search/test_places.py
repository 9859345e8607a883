"""Where a hit was, if it was shown at all."""

import pytest

from gateway.core.recording.states import SpanSource
from tests.gateway.search.conftest import Archive, Line


@pytest.mark.parametrize("source", [SpanSource.KEYS, SpanSource.CLIPBOARD, SpanSource.FILE])
def test_text_that_was_never_shown_has_no_place(archive: Archive, source: SpanSource) -> None:
    archive.add("r", [Line("passwd root", source=source)])
    (hit,) = archive.ask("passwd").hits
    assert (hit.place, hit.places) == (None, [])
