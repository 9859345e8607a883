"""Verify recordings by command and by order; the checks are in `gateway.evidence`."""
