"""Notes: JSON lines `{"at_ms": 1500, "text": "..."}`. Has what each kind has, in one folder: its row, its stream, its
proxy, its stages."""
