"""Retention applied to rows: recordings' dates, previews of policy changes, holds, purges, certificates of erasure.

The decisions are in `gateway.core.policy.retention`.
"""

from gateway.retention.dates import hot_until, lock_until, policy_for, set_dates, set_dates_of_all

__all__ = ["hot_until", "lock_until", "policy_for", "set_dates", "set_dates_of_all"]
