"""The backlog of watch terms."""
