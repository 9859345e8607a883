"""The parameters of each protocol, for the target forms."""
