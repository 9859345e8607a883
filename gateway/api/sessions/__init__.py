"""Sessions: who was on which target when."""
