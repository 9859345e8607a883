"""The check of the audit trail on request."""
