"""Storage of recordings: local files, the archive, and reading from both."""
