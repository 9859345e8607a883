"""Where the bytes of recordings are and how they are read: local files, archive, renditions."""
