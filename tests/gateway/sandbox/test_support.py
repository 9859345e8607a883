"""Where the kernel cannot confine, that is said; and refused where it is required."""

import pytest

from gateway import sandbox
from gateway.core.errors import UnavailableError
from gateway.sandbox import Support, landlock


def test_a_kernel_without_landlock_is_refused_where_confinement_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    with pytest.raises(UnavailableError, match=r"this kernel has no Landlock; use Linux 5\.13"):
        sandbox.require("require")


def test_it_is_accepted_otherwise_and_described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    sandbox.require("auto")
    assert not sandbox.support().is_complete


@pytest.mark.parametrize(
    ("support", "text"),
    [
        (Support(7, True), "Landlock (ABI 7) and seccomp"),
        (Support(0, True), "this kernel has no Landlock"),
        (Support(0, False), "this kernel has no Landlock and no seccomp"),
    ],
)
def test_the_description_names_what_is_missing(support: Support, text: str) -> None:
    assert support.describe() == text
