"""docs/commands.md and docs/settings.md say what the program does."""

from pathlib import Path

from gateway.reference import commands_page, settings_page
from gateway.settings import Settings

_DOCS = Path(__file__).parents[3] / "docs"


def test_the_pages_are_current() -> None:
    assert (_DOCS / "commands.md").read_text() == commands_page(), "run: make docs"
    assert (_DOCS / "settings.md").read_text() == settings_page(), "run: make docs"


def test_every_setting_has_a_description() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
