"""Storage used by recordings, and forecasts for a plan."""
