"""Verify recordings by command and by task; the checks are in `gateway.evidence`."""
