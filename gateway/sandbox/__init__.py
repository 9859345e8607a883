"""Kernel features that restrict a process: Landlock and seccomp. Standard library only.

Used by the workers' confined processes and by the launcher of guacd, both of which parse what hostile machines send.
docs/security.md says what each process may reach.
"""

from dataclasses import dataclass

from gateway.core.errors import UnavailableError
from gateway.sandbox import landlock, seccomp


@dataclass(frozen=True, slots=True)
class Support:
    """What this kernel can enforce. `landlock_abi` is 0 without Landlock; 6 is the first that also stops signals."""

    landlock_abi: int
    seccomp: bool

    @property
    def is_complete(self) -> bool:
        """Whether files, network and system calls can all be restricted."""
        return self.landlock_abi > 0 and self.seccomp

    def describe(self) -> str:
        """Describe what is enforced and what is missing."""
        if self.is_complete:
            return f"Landlock (ABI {self.landlock_abi}) and seccomp"
        missing = [
            name for name, there in (("Landlock", self.landlock_abi > 0), ("seccomp", self.seccomp)) if not there
        ]
        return f"this kernel has no {' and no '.join(missing)}"


def support() -> Support:
    """Query the kernel."""
    return Support(landlock.abi(), seccomp.is_supported())


def require(setting: str) -> None:
    """Raise UnavailableError if the setting `confine` requires what this kernel lacks."""
    found = support()
    if setting == "require" and not found.is_complete:
        raise UnavailableError(
            f"decoders cannot be confined: {found.describe()}; use Linux 5.13 or newer with Landlock enabled, or set "
            "REELGATE_CONFINE=auto to continue without"
        )
