"""Sessions: who used which target, and when."""
