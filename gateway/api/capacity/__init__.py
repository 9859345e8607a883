"""What storage recordings take, and what a plan would need."""
