"""Bringing in recordings of an existing Guacamole installation."""
