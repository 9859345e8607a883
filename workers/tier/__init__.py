"""Tiers: verified copies go to the archive, and hot copies go when they have had their time."""
