"""Search over everything that was on a screen."""
