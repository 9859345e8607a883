"""The HTTP API: one folder a resource, the same file names in each (endpoints, schemas, service where a rule exists)."""
