"""Purges: mark, list, cancel, certificates of erasure; how a recording stands."""
