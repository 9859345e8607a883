"""Recordings: list, video, frames, transcript, originals, and processing progress."""
