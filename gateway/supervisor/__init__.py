"""Everything on one machine by one command: starts guacd, redis, worker, beat and the web server, and keeps them up.

Called by the commands `reelgate up` and `reelgate demo`. Reads the settings; writes `supervisor.json` for `/health`.
"""
