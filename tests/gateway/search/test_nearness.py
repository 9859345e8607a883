"""NEAR, whichever side is rarer and however many there are: what comparing every pair gives."""

import random

import pytest

from gateway.search import Match, Scope
from gateway.search.groups import search_recordings
from gateway.search.hits import all_hits
from tests.gateway.search.conftest import Archive, Line

RECORDINGS = ("a", "b", "c")


def lines(rng: random.Random, word: str, count: int) -> list[Line]:
    """At random times of an hour, some of them for long."""
    starts = [rng.randrange(3_600_000) for _ in range(count)]
    return [Line(f"{word} {at}", at, at + rng.choice([10, 500, 400_000])) for at in starts]


@pytest.mark.parametrize(
    ("hit_count", "other_count"),
    [(150, 4), (4, 150), (150, 120), (90, 2)],
    ids=["rare other", "rare hit", "many", "few"],
)
def test_the_pairs_there_are(archive: Archive, hit_count: int, other_count: int) -> None:
    rng = random.Random(3)
    near: dict[tuple[str, str], Match] = {}
    for name in RECORDINGS:
        hits = lines(rng, "sudo", hit_count) + lines(rng, "sud0", 3)
        others = lines(rng, "denied", other_count) + lines(rng, "den1ed", 2)
        archive.add(name, [*hits, *others, *lines(rng, "nothing", 50)])
        for hit in hits:
            close = [o for o in others if o.start_ms <= hit.end_ms + 2000 and o.end_ms >= hit.start_ms - 2000]
            if close:
                exact = hit.text.startswith("sudo") and any(other.text.startswith("denied") for other in close)
                near[name, hit.text] = Match.EXACT if exact else Match.TOLERANT
    with archive.database.read() as session:
        flat = list(all_hits(session, "sudo NEAR/2s denied", Scope.everything()))
        grouped = search_recordings(session, "sudo NEAR/2s denied", Scope.everything()).items
    assert {(hit.recording_id, hit.text): hit.match for hit in flat} == near
    assert {each.recording_id: each.hit_count for each in grouped} == {
        name: sum(recording == name for recording, _ in near) for name in {recording for recording, _ in near}
    }


def test_all_of_several_must_be_near(archive: Archive) -> None:
    common = [Line(f"root {at}", at * 1000, at * 1000 + 100) for at in range(400)]
    archive.add("r", [*common, Line("needle", 50_000, 50_100), Line("thread", 51_000, 51_100), Line("thread", 90_000)])
    assert archive.exact("root NEAR/2s needle NEAR/1s thread") == ["root 52", "root 51", "root 50"]
    assert archive.exact("root NEAR/2s needle NEAR/1s knot") == []
    assert archive.exact("root NEAR/2s needle after:2026-10-01T08:00:50") == ["root 52", "root 51", "root 50"]
    assert archive.exact("root NEAR/2s needle before:2026-10-01T08:00:50") == ["root 49", "root 48"]
