"""The forms text is indexed in."""

import pytest
from hypothesis import given, strategies as st

from gateway.search.tokens import camel_parts, clean, folded, placed_tokens, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rm -rf /srv/backups/2026-10", "rm rf srv backups 2026 10"),
        ("svc_shadow user@host 10.0.0.1", "svc shadow user host 10 0 0 1"),
        ("Straße ﬁle ½ ÅÉ", "strasse file 1 2 ae"),
        ("日本語 abc한국", "日 本 語 abc 한 국"),
        ("⚠ ┃ — …", ""),
    ],
)
def test_tokens(text: str, expected: str) -> None:
    assert tokens(text) == expected.split()


def test_long_runs_are_cut() -> None:
    assert [len(token) for token in tokens("a" * 600)] == [255, 255, 90]


def test_camel_parts() -> None:
    assert camel_parts("getUserName plain HTTPServer v2Beta") == [
        ["get", "user", "name"],
        ["http", "server"],
        ["v2", "beta"],
    ]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Passw0rd", "password"),
        ("1l|egal", "illegal"),
        ("adrnin", "admin"),
        ("vvindovvs", "windows"),
        ("SQLS3rver", "5QL53rver"),
        ("de1ete user", "deleteuser"),
        ("8IG", "big"),
    ],
)
def test_lookalikes_fold_to_the_same(read: str, meant: str) -> None:
    assert folded(read) == folded(meant)


def test_clean_text_can_be_stored_anywhere() -> None:
    assert clean("a\x00b\ud800c e\N{COMBINING ACUTE ACCENT}") == "a\ufffdb\ufffdc \N{LATIN SMALL LETTER E WITH ACUTE}"


@given(st.text())
def test_tokens_are_safe_to_quote_for_both_databases(text: str) -> None:
    for token in [*tokens(clean(text)), folded(clean(text))]:
        assert token == "" or token.isalnum() or not token.isascii()
        assert not set(token) & set(" '\"\\*%_§¦\x00")


@given(st.text())
def test_places_are_within_the_text_and_in_order(text: str) -> None:
    placed = placed_tokens(clean(text))
    assert all(0 <= token.start < token.end <= len(clean(text)) for token in placed)
    assert [token.start for token in placed] == sorted(token.start for token in placed)
    assert [token.token for token in placed] == tokens(clean(text))


@given(st.text(alphabet=st.characters(categories=["Ll", "Lu", "Nd", "Zs"])), st.data())
def test_a_part_of_a_text_is_a_part_of_its_folded_form(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert folded(text[start:end]) in folded(text)
