"""Exports: ordered, listed, fetched, handed out by links."""
