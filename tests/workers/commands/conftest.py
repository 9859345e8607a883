"""What the workers' commands are tried on: a recording that was rendered and read."""

from tests.workers.export.conftest import site

__all__ = ["site"]
