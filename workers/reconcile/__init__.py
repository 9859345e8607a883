"""Reconciling: what the rows claim is compared with the bytes that are there."""
