"""What a guess costs, with a user's name that exists and with one that does not."""

import subprocess
import sys

from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

# In a process of its own: in this one hashes are made cheap.
_HASHES = """
from gateway.identity import passwords
print(passwords.hash_password("a password for tests"))
print(passwords._NOBODY)
"""


def test_a_guess_costs_the_same_whether_or_not_the_user_exists() -> None:
    shown = subprocess.run([sys.executable, "-c", _HASHES], check=True, capture_output=True, text=True).stdout
    made, nobody = shown.split()
    assert extract_parameters(made) == RFC_9106_LOW_MEMORY
    assert extract_parameters(nobody) == extract_parameters(made)
    assert len(nobody) == len(made)
