"""Restoring: an archived recording returns to hot disk for the requested time."""
