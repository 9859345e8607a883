"""Indexing: the text that was read becomes rows that can be searched."""
