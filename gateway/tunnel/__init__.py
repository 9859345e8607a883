"""The live path: browser to guacd and back, recorded first. The only asyncio-heavy part of the gateway."""
