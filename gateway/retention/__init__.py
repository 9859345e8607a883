"""Retention applied to rows: dates of recordings, what a policy change would do, holds, purges, certificates of erasure.

Callers: the API (policies, holds, purges), the stages and the import (dates), the tier stage (`lock_until`,
`hot_until`), `workers.purge` (timers and the order that erases). The decisions are in `gateway.core.policy.retention`.
"""

from gateway.retention.dates import hot_until, lock_until, policy_for, set_dates, set_dates_of_all

__all__ = ["hot_until", "lock_until", "policy_for", "set_dates", "set_dates_of_all"]
