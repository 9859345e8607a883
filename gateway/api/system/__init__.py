"""The state of the system: health, metrics, backlog."""
