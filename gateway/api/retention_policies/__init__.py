"""Retention policies: list, try out, add, change, remove."""
