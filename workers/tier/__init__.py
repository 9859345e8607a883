"""Tiers: upload verified copies to the archive, and remove hot copies that have expired."""
