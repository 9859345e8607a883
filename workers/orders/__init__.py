"""Run orders: verify, restore, purge, export, reconcile."""
