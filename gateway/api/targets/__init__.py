"""Targets, their credentials, and the tickets that open them."""
