"""Running leased work, the same way for stages and tasks."""
