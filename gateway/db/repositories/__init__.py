"""Queries, one file a noun. Callers hand in the transaction; nothing here commits."""
