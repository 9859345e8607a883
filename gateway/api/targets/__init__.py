"""Machines that may be reached, their credentials, and the tickets that open them."""
