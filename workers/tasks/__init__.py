"""Running tasks: verify, restore, purge, export, reconcile."""
