"""Storage use, discrepancies, and reconciling."""
