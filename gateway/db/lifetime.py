"""What is good for a time, by a clock that may be set back.

A sign-in made while the clock was two days ahead expires two days late by the clock that was put right. Whatever was made
in the future has therefore ended: nobody can hold it but from before the clock was set.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_

# Gateways share a database, and their clocks are never quite the same; those kept by NTP differ by far less.
MOST_SKEW: Final = timedelta(minutes=5)


def is_alive(made_at: datetime, expires_at: datetime, now: datetime) -> bool:
    """Whether it was made by now and has not expired."""
    return made_at <= now + MOST_SKEW and now < expires_at


def alive(made_at: Any, expires_at: Any, now: datetime) -> ColumnElement[bool]:
    """Return the same as a condition on two columns."""
    return and_(made_at <= now + MOST_SKEW, expires_at > now)
