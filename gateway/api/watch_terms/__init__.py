"""Watch terms: saved queries that run on every new recording and, on request, on the backlog."""
