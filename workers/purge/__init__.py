"""Purge: mark what is due, erase after the grace period, and keep legal holds in line with holds."""
