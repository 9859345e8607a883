"""The examples that the search page offers are queries."""

import re
from pathlib import Path

import pytest

from gateway.search.query import parse

_HELP = Path(__file__).parents[3] / "web" / "src" / "features" / "search" / "SyntaxHelp.tsx"
_EXAMPLES = [first or second for first, second in re.findall(r"""\[(?:"([^"]+)"|'([^']+)'), """, _HELP.read_text())]


def test_the_page_offers_examples() -> None:
    assert len(_EXAMPLES) == 10


@pytest.mark.parametrize("example", _EXAMPLES)
def test_an_example_is_a_query_whose_field_is_known(example: str) -> None:
    query = parse(f"word {example}")  # a field alone is no query
    searched = {token for clause in query.group.clauses for term in clause for token in term.tokens}
    name, colon, _value = example.partition(":")
    assert "word" in searched
    assert not colon or name not in searched
