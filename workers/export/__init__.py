"""Exports: copies of evidence for somebody else, each tied to the untouched original."""
