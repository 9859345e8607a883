"""Purge: what is due is marked, what has had its grace is erased everywhere; legal holds follow the holds."""
