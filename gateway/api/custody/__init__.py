"""A recording's chain of custody."""
