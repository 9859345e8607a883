"""The audit trail's check, asked for by a person."""
