"""Saved queries that watch every new recording, and their run over those there were."""
