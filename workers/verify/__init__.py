"""Verifying recordings by command and by task; what is looked at is in `gateway.evidence`."""
