"""Run tasks: verify, restore, purge, export, reconcile."""
