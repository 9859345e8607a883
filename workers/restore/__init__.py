"""Restoring: an archived recording returns to hot storage for the requested time."""
