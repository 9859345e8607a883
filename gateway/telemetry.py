"""Logs and metrics of every process.

Each process calls `configure_logging` once; modules get a logger with `get_logger()`. Events are named `noun.past` and
carry fields; secrets and text from screens are never logged.
"""

import logging
import sys
from typing import Any

import structlog


def configure_logging(*, level: str = "INFO", as_json: bool = False) -> None:
    """Send structlog and standard logging to stderr in one format."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final: Any = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                final,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    # pyguacamole logs what it sends, including credentials, at debug level: it stays silent at any level.
    logging.getLogger("guacamole").setLevel(logging.CRITICAL)
    # Alembic logs its plugins and an empty migration at every start and for every command.
    logging.getLogger("alembic").setLevel(logging.DEBUG if level.upper() == "DEBUG" else logging.WARNING)


def get_logger(**fields: Any) -> structlog.stdlib.BoundLogger:
    """Return a logger; `fields` are added to each of its events."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(**fields)
    return logger
