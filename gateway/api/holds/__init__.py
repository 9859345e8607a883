"""Holds: place, list, release."""
