"""Sealing: compare what is on disk with the manifest, and close the recording."""
