"""Watch terms over the recordings there were."""
