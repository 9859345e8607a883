"""Real services for tests: each class starts one on loopback with free ports, below a folder given, and ends it.

All follow one pattern: `with Part(folder) as part:` or `start()` / `stop()` / `restart()` / `kill()` (which is kill -9).
`tests/conftest.py` offers them as session-scoped fixtures.
"""
