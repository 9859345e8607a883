"""Retention policies: list, preview, create, change, remove."""
