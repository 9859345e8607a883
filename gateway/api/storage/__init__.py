"""What is stored where, what does not fit, and reconciling."""
