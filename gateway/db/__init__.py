"""The data layer: the only tables and the only queries. Synchronous; callers in async code use the thread pool."""
