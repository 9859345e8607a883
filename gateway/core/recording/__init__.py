"""Recordings: their states, files, names and manifest."""
