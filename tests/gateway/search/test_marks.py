"""Where in a hit the words stand."""

import pytest
from hypothesis import given, strategies as st

from gateway.search.marks import marks, snippet, touched
from gateway.search.query import parse


def marked(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in marks(text, parse(query).group)]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("rm -rf /srv/backups/2026-10", "srv/backups rm", ["rm", "srv/backups"]),
        ("svc_shadow shadow", "shadow", ["shadow", "shadow"]),
        ("kubectl delete", "kube*", ["kubectl"]),
        ("Passw0rd: x", "password", ["Passw0rd"]),
        ("adrnin in", "admin", ["adrnin"]),
        ("/etc/fi|e x", "file", ["fi|e"]),
        ("getUserName()", "user", ["User"]),
        ("Müller", "muller", ["Müller"]),
        ("svc shadow", "svcshadow", ["svc shadow"]),
        ("only one", "one OR two", ["one"]),
        ("aaa aaa", "aaa", ["aaa", "aaa"]),
        ("nothing", "operator:bob keys:", []),
    ],
)
def test_marks(text: str, query: str, expected: list[str]) -> None:
    assert marked(text, query) == expected


def test_snippet_of_a_long_text_is_around_the_first_mark() -> None:
    text = "x " * 5000 + "needle" + " y" * 5000
    pieces = snippet(text, marks(text, parse("needle").group))
    assert [piece.text for piece in pieces if piece.marked] == ["needle"]
    assert sum(len(piece.text) for piece in pieces) == 300


def test_places_are_of_the_words_touched() -> None:
    text = "sudo cat /etc/shadow sudo"
    words = [["sudo", 0, 0, 40, 10], ["cat", 50, 0, 30, 10], ["/etc/shadow", 90, 0, 99, 10], ["sudo", 200, 0, 40, 10]]
    found = marks(text, parse("shadow sudo").group)
    assert touched(text, words, found) == [[0, 0, 40, 10], [90, 0, 99, 10], [200, 0, 40, 10]]


def test_words_that_are_not_in_the_text_have_no_box() -> None:
    assert touched("sudo", [["gone", 0, 0, 1, 1], ["sudo", 5, 5, 4, 4]], [(0, 4)]) == [[5, 5, 4, 4]]


@given(st.text(), st.text(alphabet="abl1|0o rnm", min_size=3))
def test_a_snippet_is_the_text_in_pieces(text: str, wanted: str) -> None:
    pieces = snippet(text[:300], marks(text[:300], parse(f'a "{wanted}"').group))
    assert "".join(piece.text for piece in pieces) == text[:300]
    assert all(piece.text for piece in pieces)
