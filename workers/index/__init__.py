"""Indexing: recognised text becomes searchable rows."""
