"""Purges: mark, list, cancel, certificates of erasure, purge status of a recording."""
