"""Storage in use, its growth, and the needs of a plan, from the site's own history."""
