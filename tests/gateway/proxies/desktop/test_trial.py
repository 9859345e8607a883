"""Trials of a target: on real desktops, through the real guacd."""

import threading

import pytest

from gateway import guacd_address
from gateway.core.desktop.guac import encode
from gateway.proxies.desktop import trial
from gateway.proxies.desktop.guacd import Connection, Screen
from gateway.proxies.desktop.trial import SignIn, TooManyTrialsError, Trial, try_target
from gateway.targets.reach import Reach
from tests.gateway.proxies.desktop.site import LOOPBACK, dead_port
from tests.gateway.proxies.desktop.test_guacd import ScriptedGuacd
from tests.parts.desktops import RdpDesktop, RunningDesktop, VncDesktop
from tests.parts.guacd import Guacd

ARGS = encode("args", "VERSION_1_3_0")
READY = encode("ready", "$secret-id")


def tried(guacd: Guacd, protocol: str, parameters: dict[str, str], *, with_sign_in: bool = True) -> Trial:
    connection = Connection(protocol, parameters, "ann", Screen(1024, 768, 96, ""))
    return try_target(guacd_address.parse(guacd.address), connection, with_sign_in=with_sign_in)


@pytest.mark.parametrize("kind", ["vnc", "rdp"])
def test_a_target_that_takes_the_credential(kind: str, request: pytest.FixtureRequest, guacd: Guacd) -> None:
    desktop: RunningDesktop = request.getfixturevalue(f"{kind}_desktop")
    found = tried(guacd, kind, desktop.connect_arguments())
    assert (found.reach, found.sign_in) == (Reach.ANSWERS, SignIn.SHOWN)


def test_a_credential_that_is_wrong_and_one_that_is_missing(vnc_desktop: VncDesktop, guacd: Guacd) -> None:
    given = vnc_desktop.connect_arguments() | {"autoretry": "0"}
    assert tried(guacd, "vnc", given | {"password": "wrong"}).sign_in is SignIn.REFUSED
    del given["password"]
    assert tried(guacd, "vnc", given).sign_in is SignIn.CREDENTIAL_MISSING


def test_a_target_that_is_not_there_is_not_signed_in_at(guacd: Guacd) -> None:
    found = tried(guacd, "vnc", {"hostname": LOOPBACK, "port": str(dead_port())})
    assert (found.reach, found.sign_in) == (Reach.REFUSED, SignIn.NOT_TRIED)


def test_no_sign_in_is_tried_unless_it_is_asked_for(rdp_desktop: RdpDesktop, guacd: Guacd) -> None:
    found = tried(guacd, "rdp", rdp_desktop.connect_arguments(), with_sign_in=False)
    assert (found.reach, found.sign_in) == (Reach.ANSWERS, SignIn.NOT_TRIED)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (encode("sync", 1), SignIn.SHOWN),
        (encode("sync", 1) + encode("error", "?", 0x0301), SignIn.REFUSED),  # a terminal draws, then signs in
        (encode("disconnect"), SignIn.REFUSED),
        (encode("nop"), SignIn.NO_ANSWER),
        (b"HTTP/1.1 400 no", SignIn.FAILED),
    ],
)
def test_what_guacd_says_and_what_it_means(
    said: bytes, expected: SignIn, monkeypatch: pytest.MonkeyPatch, vnc_desktop: VncDesktop
) -> None:
    monkeypatch.setattr(trial, "_SECONDS", 0.5)
    monkeypatch.setattr(trial, "_SETTLED_SECONDS", 0.2)
    guacd = ScriptedGuacd(ARGS, READY + said)
    connection = Connection("vnc", vnc_desktop.connect_arguments(), "ann", Screen(1024, 768, 96, ""))
    assert try_target(guacd.address, connection, with_sign_in=True).sign_in is expected
    guacd.close()


def test_only_some_run_at_once(monkeypatch: pytest.MonkeyPatch, guacd: Guacd) -> None:
    monkeypatch.setattr(trial, "_FREE", threading.BoundedSemaphore(1))
    assert trial._FREE.acquire(blocking=False)
    with pytest.raises(TooManyTrialsError):
        tried(guacd, "vnc", {"hostname": LOOPBACK, "port": "1"})
    trial._FREE.release()
    assert tried(guacd, "vnc", {"hostname": LOOPBACK, "port": str(dead_port())}).reach is Reach.REFUSED
