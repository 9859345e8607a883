"""Running orders: verify, restore, purge, export, reconcile."""
