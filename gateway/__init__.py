"""Reelgate's gateway: the live path, the API, the data layer and what the workers share with it."""
