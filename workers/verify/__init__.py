"""Verifying recordings by command and by order; what is looked at is in `gateway.evidence`."""
