"""Reconciling: compare what the rows claim with the bytes."""
