"""Tests mirror the code; parts/ starts real services, integration/ e2e/ faults/ use them together."""
