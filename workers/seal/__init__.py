"""Sealing: what is on disk is compared with what the manifest says, and closed for good."""
