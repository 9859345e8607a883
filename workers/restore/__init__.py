"""Restoring: an archived recording comes back to hot disk for as long as it was asked for."""
