"""Findings of watch terms, and their review."""
