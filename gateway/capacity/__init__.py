"""How much storage is used, how fast that grows, and what a plan would need: figures from the site's own history."""
