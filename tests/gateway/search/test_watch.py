"""Watch terms on one recording, and the lists of what they found."""

import pytest
from sqlmodel import Session

from gateway.core.errors import NotFoundError
from gateway.core.finding import Match, Verdict
from gateway.core.policy.access import Role
from gateway.core.recording.states import SpanSource
from gateway.core.recording.transfer import Direction, Transfer, TransferEnd
from gateway.db.columns import utc_now
from gateway.db.models import Finding, User, WatchTerm
from gateway.db.repositories import findings, watch_terms
from gateway.db.repositories.findings import FindingFilter, ListedFinding
from gateway.search import Scope
from gateway.search.watch import watch
from tests.gateway.search.conftest import Archive, Line


def add_term(archive: Archive, query: str, name: str = "term") -> WatchTerm:
    with archive.database.write() as session:
        user = User(username=f"for-{name}", display_name=f"Maker of {name}", role=Role.AUDITOR, password_hash="x")
        session.add(user)
        session.flush()
        term = WatchTerm(name=name, query=query, created_by=user.id)
        session.add(term)
    return term


def run(archive: Archive, recording_id: str = "r") -> int:
    with archive.database.write() as session:
        return watch(session, recording_id)


def found(archive: Archive, wanted: FindingFilter | None = None) -> list[Finding]:
    """All of them, oldest moment first."""
    with archive.database.read() as session:
        rows = page(session, wanted or FindingFilter(), limit=200)[0]
    return [row.finding for row in reversed(rows)]


def page(
    session: Session, wanted: FindingFilter, *, limit: int, cursor: str | None = None
) -> tuple[list[ListedFinding], str | None]:
    one = findings.page(session, wanted, Scope.everything().condition(), limit=limit, cursor=cursor)
    return list(one.items), one.next_cursor


def test_each_occurrence_is_a_finding_with_its_evidence(archive: Archive) -> None:
    term = add_term(archive, "sudo")
    archive.add("r", [Line("sudo reboot", 1500, 2500), Line("5udo", 4000, 4500, SpanSource.KEYS), "nothing"])
    archive.add("s", ["sudo elsewhere"])
    assert run(archive) == 2
    exact, tolerant = found(archive)
    assert (exact.watch_term_id, exact.recording_id, exact.text) == (term.id, "r", "sudo reboot")
    assert (exact.start_ms, exact.end_ms, exact.at.isoformat()) == (1500, 2500, "2026-10-01T08:00:01.500000+00:00")
    assert exact.place == {"kind": "box", "x": 0, "y": 10, "width": 88, "height": 16}
    assert tolerant.place is None
    assert (exact.source, exact.match, exact.verdict) == (SpanSource.SCREEN, Match.EXACT, Verdict.OPEN)
    assert (tolerant.source, tolerant.match) == (SpanSource.KEYS, Match.TOLERANT)


def test_a_finding_keeps_which_way_its_evidence_went(archive: Archive) -> None:
    add_term(archive, "payroll")
    pasted = Transfer(Direction.TO_TARGET, TransferEnd.WHOLE, "text/plain", 7)
    archive.add("r", [Line("payroll", 0, 1, SpanSource.CLIPBOARD, transfer=pasted), Line("payroll 2", 5, 9)])
    assert run(archive) == 2
    assert [finding.transfer for finding in found(archive)] == [pasted.as_dict(), None]


def test_more_hits_than_a_page_of_search_are_all_found(archive: Archive) -> None:
    add_term(archive, "root")
    archive.add("r", [Line(f"root {at}", at * 1000, at * 1000 + 500) for at in range(450)])
    assert run(archive) == 450
    assert run(archive) == 0
    assert len({finding.digest for finding in found_by_recording(archive)}) == 450


def found_by_recording(archive: Archive) -> list[Finding]:
    with archive.database.read() as session:
        (term,) = watch_terms.active(session)
        return list(findings.of_recording(session, term.id, "r"))


def test_reading_again_repeats_nothing_and_keeps_the_verdict(archive: Archive) -> None:
    add_term(archive, "sudo")
    lines = [Line("sud0 reboot", 1000, 3000), Line("sudo ls", 5000, 6000), Line("sudo", 0, 0, SpanSource.CLIPBOARD)]
    archive.add("r", lines)
    run(archive)
    with archive.database.write() as session:
        for finding in findings.of_recording(session, watch_terms.active(session)[0].id, "r"):
            finding.verdict, finding.comment, finding.reviewed_at = Verdict.DISMISSED, "planned", utc_now()
            session.add(finding)
    archive.add("r", [Line("sudo reboot", 1100, 3050), *lines[1:]])
    assert run(archive) == 0
    kept = found(archive)
    assert [(row.text, row.verdict, row.comment) for row in kept] == [
        (text, Verdict.DISMISSED, "planned") for text in ("sudo", "sud0 reboot", "sudo ls")
    ]


@pytest.mark.parametrize(
    "other",
    [
        Line("sudo halt", 2900, 5000),
        Line("sudo halt", 9000, 9500),
        Line("sudo typed", 1000, 3000, SpanSource.KEYS),
    ],
)
def test_what_reading_again_finds_besides_is_new(archive: Archive, other: Line) -> None:
    add_term(archive, "sudo")
    archive.add("r", [Line("sudo reboot", 1000, 3000)])
    run(archive)
    archive.add("r", [Line("sudo reboot", 1000, 3000), other])
    assert run(archive) == 1
    assert {row.text for row in found(archive)} == {"sudo reboot", other.text}


def test_a_finding_stays_when_it_is_not_read_again(archive: Archive) -> None:
    add_term(archive, "sudo")
    archive.add("r", ["sudo reboot"])
    run(archive)
    archive.add("r", ["something else"])
    assert run(archive) == 0
    assert [row.text for row in found(archive)] == ["sudo reboot"]


def test_disabled_terms_do_not_watch_and_a_query_no_longer_understood_stops_nobody(archive: Archive) -> None:
    disabled = add_term(archive, "sudo", "disabled")
    add_term(archive, "OR", "broken")
    add_term(archive, "reboot", "sound")
    with archive.database.write() as session:
        watch_terms.get(session, disabled.id, lock=True).disabled_at = utc_now()
    archive.add("r", ["sudo reboot"])
    assert run(archive) == 1
    with archive.database.read() as session:
        listed = {row.term.name: row for row in watch_terms.listed(session)}
    assert {name: (row.finding_count, row.open_count) for name, row in listed.items()} == {
        "broken": (0, 0),
        "disabled": (0, 0),
        "sound": (1, 1),
    }
    assert listed["sound"].created_by_name == "Maker of sound"


def test_lists_are_filtered_paged_and_limited_to_what_the_asker_may_see(archive: Archive) -> None:
    term = add_term(archive, "root")
    for name in ("r", "s"):
        archive.add(name, [Line(f"root {name}{at}", at * 1000, at * 1000 + 500) for at in range(3)])
        run(archive, name)
    assert {row.recording_id for row in found(archive, FindingFilter(recording_id="s"))} == {"s"}
    assert len(found(archive, FindingFilter(Verdict.OPEN, term.id))) == 6
    assert found(archive, FindingFilter(Verdict.CONFIRMED)) == []
    assert found(archive, FindingFilter(watch_term_id="other")) == []
    with archive.database.read() as session:
        first, cursor = page(session, FindingFilter(), limit=4)
        rest, end = page(session, FindingFilter(), limit=4, cursor=cursor)
        assert end is None
        assert [row.finding.start_ms for row in first + rest] == [2000, 2000, 1000, 1000, 0, 0]
        assert len({row.finding.id for row in first + rest}) == 6
        assert (first[0].watch_term_name, first[0].recording.operator_name) == ("term", "alice")
        nothing = Scope(frozenset({"a target"})).condition()
        assert findings.page(session, FindingFilter(), nothing, limit=4, cursor=None).items == []
        with pytest.raises(NotFoundError):
            findings.get(session, first[0].finding.id, nothing)
