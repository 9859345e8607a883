"""One suite for both databases: what is found, in which order, and what is not."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from gateway.core.errors import NotFoundError
from gateway.core.policy.access import Role
from gateway.core.recording.geometry import Box
from gateway.core.recording.states import SpanSource
from gateway.core.recording.transfer import Direction, Transfer, TransferEnd
from gateway.db.models import Recording, Span
from gateway.search import Match, QueryError, Reading, Scope, prepare_spans, write_spans
from gateway.search.spans import MAX_TEXT
from tests.gateway.search.conftest import STARTED_AT, Archive, Line

TERMINAL = [
    "root@db-2:~# rm -rf /srv/backups/2026-10",
    "drwxr-xr-x 2 svc_shadow staff 4096 notes.txt",
    "ssh admin@10.0.0.17 -p 2222",
    "IBAN DE89 3704 0044 0532 0130 00 booked",
    "PowerShell: Get-ADUser -Filter * | getUserName",
    "Überweisung an Müller ausgeführt",
    "kubectl delete pod billing-7f9c",
    "日本語の監査ログ",
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("rm", [0]),
        ("/srv/backups/2026-10", [0]),
        ("SRV/Backups", [0]),
        ('rm "-rf"', [0]),
        ("rm -rf", []),
        ("backups rm", [0]),
        ("shadow", [1]),
        ("svc_shadow", [1]),
        ("shadow_svc", []),
        ('"svc shadow staff"', [1]),
        ('"svc staff"', []),
        ("10.0.0.17", [2]),
        ("admin@10.0.0.17", [2]),
        ("10.0.0.1", []),
        ("10.0.0.1*", [2]),
        ('"DE89 3704 0044"', [3]),
        ("powershell", [4]),
        ("PowerShell", [4]),
        ("shell", [4]),
        ("user name", [4]),
        ('"shell get"', []),
        ("uberweisung muller", [5]),
        ("ÜBERWEISUNG", [5]),
        ("mu\N{COMBINING DIAERESIS}ller", [5]),
        ("kube*", [6]),
        ("delete OR booked", [6, 3]),
        ("pod delete OR booked", [6]),
        ("delete OR booked -pod", [3]),
        ("監査", [7]),
        ("screen:rm", [0]),
        ("keys:rm", []),
        ("operator:alice rm", [0]),
        ("operator:ali* rm", [0]),
        ("operator:bob rm", []),
        ("-operator:alice rm", []),
        ("target:web rm", [0]),
        ("target:web-1 -target:db rm", [0]),
    ],
)
def test_exact_hits(archive: Archive, query: str, found: list[int]) -> None:
    archive.add("r", [Line(line, start_ms=at) for at, line in enumerate(TERMINAL)])
    assert archive.exact(query) == [TERMINAL[number] for number in found]


@pytest.mark.parametrize(
    ("query", "line", "marked"),
    [
        ("5034441", "KB5034441 installed", ["5034441"]),
        ("kb", "KB5034441 installed", ["KB"]),
        ("2026-10-01", "2026-10-01T12:00:00Z error", ["2026-10-01"]),
        ("12:00:00", "2026-10-01T12:00:00Z error", ["12:00:00"]),
        ("10.0.0.17", "to10.0.0.17:3389tcp", ["10.0.0.17"]),
        ("lukasz", "Łukasz Wałęsa", ["Łukasz"]),
        ("WALESA", "Łukasz Wałęsa", ["Wałęsa"]),
        ("Wałęsa", "Lukasz Walesa", ["Walesa"]),
        ("oyvind sorensen", "Øyvind Sørensen", ["Øyvind", "Sørensen"]),
        ("aesop", "xx Æsop", ["Æsop"]),
        ("strasse", "in der Straße 5", ["Straße"]),
        ("รหัส", "รหัสผ่านใหม่", ["รหัส"]),
        ("ผ่าน", "รหัสผ่านใหม่", ["ผ่าน"]),
        ("รหัสผ่าน", "รหัสผ่านใหม่", ["รหัสผ่าน"]),
        ("ผ่าน*", "รหัสผ่านใหม่", ["ผ่าน"]),
        ("ຫັດ", "ລະຫັດຜ່ານ", ["ຫັດ"]),
        ("សម្ងាត់", "ពាក្យសម្ងាត់", ["សម្ងាត់"]),
        ("密码", "请输入密码", ["密码"]),
        ("हिन्दी", "यह हिन्दी है", ["हिन्दी"]),
    ],
)
def test_hits_in_any_script_and_in_words_written_together(
    archive: Archive, query: str, line: str, marked: list[str]
) -> None:
    archive.add("r", [line, "nothing of the kind"])
    (hit,) = archive.ask(query).hits
    assert (hit.text, hit.match) == (line, Match.EXACT)
    assert [piece.text for piece in hit.snippet if piece.marked] == marked


def test_other_vowels_are_other_words(archive: Archive) -> None:
    archive.add("r", ["ดินดี", "ที่ดีน"])
    assert archive.exact("ดิน") == ["ดินดี"]


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("password", "Passw0rd: hunter2"),
        ("admin", "adrnin logged in"),
        ("illegal", "1l|egal instruction"),
        ("svcshadow", "svc shadow"),
        ("delete user", "de1eteuser bob"),
        ("DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
        ("10.0.0.17", "ping 10.O.0.17"),
        ("10.0.0.17", "ping 1O.0.0.l7"),
        ("10.0.0.17", "ping 10.0.017"),
        ("10.0.0.17", "ping |0.0.0.17"),
        ("0.0.0.0/0", "allow O.0.0.0/0"),
        ("4096", "rsa 4O96"),
        ("md5", "rnd5 of it"),
        ("r0ot", "root"),
        ("10.0*", "1O.0.0.17"),
        ("keys:10.0.0.17 OR r0ot", "root"),
        ("10.0.0.17 OR password", "passw0rd"),
        ("10.0.0.17 OR password", "10.0.0.l7"),
        ("password 10.0.0.17", "password 10.0.0.l7"),
        ("password 10.0.0.17", "passw0rd 10.0.0.17"),
        ("screen:10.0.0.17 -10.0.0.1", "10.0.0.l7"),
        ("adow", "svc_shadow"),
        ("file", "/etc/fi|e"),
        ("rm password", "rm passw0rd"),
        ("xy OR password", "passw0rd"),
        ("operator:alice password", "passw0rd"),
        ("password -root", "passw0rd"),
    ],
)
def test_what_ocr_confuses_is_found_as_tolerant(archive: Archive, query: str, line: str) -> None:
    archive.add("r", [line, "nothing of the kind"])
    (hit,) = archive.ask(query).hits
    assert (hit.text, hit.match) == (line, Match.TOLERANT)


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("0.0.0.0/0", "100000 of 2000000"),
        ("0.0.0.0/0", "00000"),
        ("10.0.0.1", "port 100018"),
        ("10.0.0.1", "10.0.0.17"),
        ("/etc/", "fetch the sketch"),
        ("4096", "140961"),
        ("1-2-3", "at 12:34:56, 1234"),
        ("#100", "l00king"),
        ("-- 1.5", "15"),
        ("C:\\", "c0py"),
    ],
)
def test_digits_and_signs_are_not_found_inside_of_other_words(archive: Archive, query: str, line: str) -> None:
    archive.add("r", [line])
    assert archive.texts(query) == []


def test_an_address_is_found_in_another_reading_of_its_line(archive: Archive) -> None:
    archive.add("r", [Line("l0.O.O.l", alternatives=("10.0.0.1", "10.0.0.17 x")), "10.0.0.17"])
    (hit,) = archive.ask("10.0.0.1").hits
    assert (hit.text, hit.match) == ("l0.O.O.l", Match.TOLERANT)
    assert archive.texts('"1 10"') == []


def test_what_a_confused_address_is_found_by_is_marked(archive: Archive) -> None:
    archive.add("r", ["ping 1O.0.0.1 now"])
    (hit,) = archive.ask("10.0.0.1").hits
    assert [tuple(piece) for piece in hit.snippet] == [("ping ", False), ("1O.0.0.1", True), (" now", False)]


@pytest.mark.parametrize("query", ["rn", "xy password", "password -logged", "operator:bob password", "keys:password"])
def test_tolerance_has_its_bounds(archive: Archive, query: str) -> None:
    archive.add("r", ["m passw0rd logged"])
    assert archive.texts(query) == []


def test_exact_hits_come_first_and_each_kind_newest_first(archive: Archive) -> None:
    archive.add("old", [Line("root one", 5), Line("r0ot two", 9)])
    archive.add("new", [Line("root three", 5), Line("r0ot four", 1)], started_at=STARTED_AT + timedelta(days=1))
    archive.add("older", [Line("root five", 5)], started_at=STARTED_AT - timedelta(days=1))
    assert [hit.text for hit in archive.ask("root").hits] == [
        "root three", "root one", "root five", "r0ot four", "r0ot two",
    ]  # fmt: skip


def test_pages_are_stable_while_recordings_come_in(archive: Archive) -> None:
    archive.add("a", [Line(f"root {number}", number) for number in range(5)])
    archive.add("b", [Line(f"r0ot {number}", number) for number in range(4)])
    seen: list[str] = []
    cursor = None
    while True:
        answer = archive.ask("root", limit=2, cursor=cursor)
        seen += [hit.text for hit in answer.hits]
        archive.add(f"late-{len(seen)}", ["root late"], started_at=STARTED_AT + timedelta(days=1))
        cursor = answer.next_cursor
        if cursor is None:
            break
    assert seen == [*(f"root {number}" for number in (4, 3, 2, 1, 0)), *(f"r0ot {number}" for number in (3, 2, 1, 0))]


@pytest.mark.parametrize("cursor", ["", "exact", "exact:x", "tolerant:1:2", "' OR 1=1 --", "exact:1\n"])
def test_a_foreign_cursor_is_refused(archive: Archive, cursor: str) -> None:
    with pytest.raises(QueryError, match="cursor"):
        archive.ask("root", cursor=cursor)


def test_a_hit_says_all_about_its_moment(archive: Archive) -> None:
    archive.add("r", [Line("sudo cat /etc/shadow now", 61_500, 63_000)])
    (hit,) = archive.ask("etc/shadow").hits
    assert (hit.recording_id, hit.offset_ms, hit.end_ms) == ("r", 61_500, 63_000)
    assert hit.at == STARTED_AT + timedelta(milliseconds=61_500)
    assert [tuple(piece) for piece in hit.snippet] == [("sudo cat /", False), ("etc/shadow", True), (" now", False)]
    assert hit.places == [Box(72, 10, 88, 16)]
    assert hit.place == Box(0, 10, 8 * len(hit.text), 16)
    assert (hit.operator_name, hit.target_name, hit.protocol, hit.width, hit.height) == (
        "alice", "web-1", "vnc", 1280, 720,
    )  # fmt: skip


def test_times_bound_by_the_moment_not_the_session(archive: Archive) -> None:
    late = int(timedelta(hours=20).total_seconds() * 1000)
    archive.add("r", [Line("root early", 0), Line("root late", late)])
    assert archive.exact("root before:2026-10-01T12:00") == ["root early"]
    assert archive.exact("root after:2026-10-02") == ["root late"]
    assert archive.exact("root after:2026-10-01 before:2026-10-02") == ["root early"]
    assert archive.exact("root after:2026-10-01T08:00:00+00:00 before:2026-10-01T10:00:01+02:00") == ["root early"]


def test_words_of_different_lines_do_not_match_together(archive: Archive) -> None:
    archive.add("r", ["sudo reboot", "permission denied"])
    assert archive.exact("sudo denied") == []


def test_near_joins_sources_within_a_recording(archive: Archive) -> None:
    keys = SpanSource.KEYS
    lines = [Line("sudo reboot", 1000, 2000, keys), Line("permission denied", 8000, 9000), Line("denied again", 60_000)]
    archive.add("r", [*lines, Line("sudo su", 30_000, 31_000, keys)])
    archive.add("other", [Line("sudo ls", 8000, 9000, keys)])
    assert archive.exact("keys:sudo NEAR/10s screen:denied") == ["sudo reboot"]
    assert archive.exact("denied NEAR/10s sudo") == ["permission denied"]
    assert archive.exact("denied NEAR/2s sudo") == []
    assert archive.exact("sudo NEAR/1m denied") == ["sudo su", "sudo reboot"]
    assert archive.exact("sudo NEAR/1m denied NEAR/5s permission") == []


def test_near_tolerates_lookalikes_on_either_side(archive: Archive) -> None:
    archive.add("r", [Line("sudo one", 0, 1000), Line("den1ed", 2000, 3000), Line("sud0 two", 9000, 9100)])
    archive.add("s", [Line("denied", 9000, 9100), Line("sudo three", 9000, 9100)])
    hits = [(hit.text, hit.match) for hit in archive.ask("sudo NEAR/5s denied").hits]
    assert hits == [("sudo three", Match.EXACT), ("sudo one", Match.TOLERANT)]


def test_near_pages_through_many_candidates(archive: Archive) -> None:
    archive.add("r", [Line(f"root {at}", at * 1000, at * 1000 + 10) for at in range(1500)] + [Line("needle", 0, 100)])
    answer = archive.ask("root NEAR/2s needle", limit=2)
    seen = list(answer.hits)
    while answer.next_cursor:
        answer = archive.ask("root NEAR/2s needle", limit=2, cursor=answer.next_cursor)
        seen += answer.hits
    assert [hit.text for hit in seen] == ["root 2", "root 1", "root 0"]


def test_only_the_scope_is_found_and_counted(archive: Archive) -> None:
    archive.add("r", ["root here", "r0ot there"])
    archive.add("s", ["root here"])
    nobody = archive.ask("root", Scope.of_role(Role.OPERATOR))
    assert (nobody.hits, nobody.recordings_searched) == ([], 0)
    one = archive.ask("root", Scope.of_role(Role.AUDITOR, "r"))
    assert ([hit.text for hit in one.hits], one.recordings_searched) == (["root here", "r0ot there"], 1)
    assert archive.ask("root", Scope.of_role(Role.OPERATOR, "r")).hits == []
    assert archive.ask("root", Scope.everything("no-such")).hits == []
    assert archive.ask("nowhere").recordings_searched == 2
    assert archive.ask("nowhere before:2026-09-30").recordings_searched == 0
    assert archive.ask("nowhere after:2026-10-02").recordings_searched == 0


def test_scope_by_target_is_inside_the_query(archive: Archive) -> None:
    archive.add("r", ["root here"])
    assert archive.ask("root", Scope(frozenset({"some-target"}))).hits == []


def test_replacing_spans_leaves_nothing_of_the_old(archive: Archive) -> None:
    archive.add("r", ["old words"])
    archive.add("r", ["new words"])
    assert archive.texts("words") == ["new words"]
    assert archive.texts("old") == []


def test_nothing_in_place_of_something(archive: Archive) -> None:
    archive.add("r", ["old words"])
    archive.add("r", [])
    assert archive.texts("old") == []


def test_a_rolled_back_replacement_is_not_seen(archive: Archive) -> None:
    archive.add("r", ["old words"])

    def replace_and_fail() -> None:
        with archive.database.write() as session:
            reading = Reading("new words", start_ms=0, end_ms=1)
            write_spans(session, prepare_spans(session.get_one(Recording, "r"), [reading]))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        replace_and_fail()
    assert archive.texts("words") == ["old words"]


def test_deleting_spans_by_any_way_takes_them_out_of_the_index(archive: Archive) -> None:
    archive.add("r", ["some words"])
    with archive.database.write() as session:
        session.connection().execute(text("DELETE FROM spans"))
    assert archive.texts("words") == []
    with archive.database.read() as session:
        assert session.connection().execute(text("SELECT count(*) FROM span_texts")).scalar() == 0


def test_spans_of_an_unknown_recording_are_refused(archive: Archive) -> None:
    unknown = Recording(id="no-such", folder="f", operator_name="ann", target_name="web")
    with pytest.raises(NotFoundError), archive.database.write() as session:
        write_spans(session, prepare_spans(unknown, []))


def test_recordings_made_at_once_share_the_milliseconds(archive: Archive) -> None:
    for name in "abc":
        archive.add(name, [Line(f"root {name}{number}", number % 2) for number in range(3000)])
    with archive.database.read() as session:
        rows = session.exec(select(Span.id, Span.start_ms)).all()
    assert len({key for key, _ in rows}) == 9000
    assert len(archive.ask("root a2999").hits) == 1


def test_hostile_text_is_kept_and_found(archive: Archive) -> None:
    line = '<img src=x onerror=alert(1)> \x00 \'; DROP TABLE spans; -- \ud800 "quoted" MATCH*'
    archive.add("r", [Line(line)])
    (hit,) = archive.ask("onerror").hits
    assert "".join(piece.text for piece in hit.snippet) == hit.text
    assert "<img src=x onerror=alert(1)>" in hit.text
    assert "\x00" not in hit.text


def test_long_text_becomes_several_spans(archive: Archive) -> None:
    pasted = "word " * 3000 + "needle " + "x" * 10_000
    archive.add("r", [Line(pasted, source=SpanSource.CLIPBOARD)])
    (hit,) = archive.ask("clipboard:needle").hits
    assert len(hit.text) <= MAX_TEXT
    assert len("".join(piece.text for piece in hit.snippet)) <= 300
    with archive.database.read() as session:
        parts = session.exec(select(Span.text).order_by(Span.id)).all()  # type: ignore[arg-type]
    assert sorted("".join(parts)) == sorted(pasted)


def test_other_readings_of_a_line_are_found_and_not_shown(archive: Archive) -> None:
    archive.add("r", [Line("tbe qvick fox", alternatives=("the quick fox",))])
    (hit,) = archive.ask("quick").hits
    assert (hit.text, hit.match) == ("tbe qvick fox", Match.TOLERANT)
    assert archive.ask('"fox the"').hits == []


def test_a_source_alone_lists_its_spans(archive: Archive) -> None:
    archive.add("r", [Line("secret", source=SpanSource.CLIPBOARD), Line("on the screen")])
    assert archive.exact("clipboard:") == ["secret"]


def test_the_recording_keeps_its_row(archive: Archive) -> None:
    archive.add("r", ["root"])
    archive.ask("root")
    with archive.database.read() as session:
        assert session.get(Recording, "r") is not None


def test_a_file_is_found_by_its_name_and_its_digest_with_what_became_of_it(archive: Archive) -> None:
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    refused = Transfer(Direction.TO_TARGET, TransferEnd.REFUSED, "text/csv", 4, digest)
    archive.add("r", [Line("pay roll.csv", source=SpanSource.FILE, alternatives=(digest,), transfer=refused), "roll"])
    for query, match in (("file:roll", Match.EXACT), (f"file:{digest}", Match.TOLERANT), (digest[:20], Match.TOLERANT)):
        (hit,) = archive.ask(query).hits
        assert (hit.text, hit.match, hit.transfer) == ("pay roll.csv", match, refused)
