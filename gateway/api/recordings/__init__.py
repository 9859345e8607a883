"""Recordings: lists, video, frames, transcript, originals, and the pipeline's progress."""
