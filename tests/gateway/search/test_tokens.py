"""The forms text is indexed in."""
# ruff: noqa: RUF001 - letters that look like others are what this is about

import pytest
from hypothesis import given, strategies as st

from gateway.search.tokens import BREAK, clean, folded, placed_tokens, tokens, word_parts


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


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("getUserName plain HTTPServer", ["get user name", "http server"]),
        ("KB5034441 installed", ["kb 5034441"]),
        ("at 2026-10-01T12:00:00Z error", [f"2026 10 01 {BREAK} 12 00 00 {BREAK}"]),
        ("10.0.0.17:3389tcp, rsa4096", ["10 0 0 17 3389 tcp", "rsa 4096"]),
        ("v2Beta", ["v2 beta", f"{BREAK} 2 beta"]),
        ("Größe5 ключ7", ["grosse 5", "ключ 7"]),
        ("d41d8cd98f00b204e9800998ecf8427e", []),
        ("plain 4096 words", []),
    ],
)
def test_words_written_together_have_parts(text: str, parts: list[str]) -> None:
    assert [" ".join(part.token for part in each) for each in word_parts(text)] == parts


def test_parts_have_their_places() -> None:
    text = "see KB5034441 of 2026-10-01T12"
    assert [[text[part.start : part.end] for part in each] for each in word_parts(text)] == [
        ["KB", "5034441"],
        ["2026", "10", "01", "T", "12"],
    ]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Łukasz Wałęsa", "lukasz walesa"),
        ("Øyvind Sørensen", "oyvind sorensen"),
        ("Đorđe Ħal Ŧŧ", "dorde hal tt"),
        ("Straße Æsop cœur", "strasse aesop coeur"),
        ("Þór Guðrún Ǿ", "thor gudrun o"),
        ("ıĲŋƶ Ɨ ȼ", "iijnz i c"),
        ("İstanbul Iğdır", "istanbul igdir"),
        ("Қазақ Ғ ё", "казак г е"),
        ("x\N{COMBINING CIRCUMFLEX ACCENT}y", "xy"),
    ],
)
def test_letters_are_found_by_what_is_on_other_keyboards(text: str, typed: str) -> None:
    assert tokens(clean(text)) == tokens(typed)
    assert folded(clean(text)) == folded(typed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("รหัสผ่านใหม่", "ร ห ั ส ผ ่ า น ใ ห ม ่"),
        ("ລະຫັດ", "ລ ະ ຫ ັ ດ"),
        ("ពាក្យ", "ព ា ក ្ យ"),
        ("စကား", "စ က ာ း"),
        ("パスワードを々", "ハ ス ワ ー ト を 々"),
        ("ﾊﾟｽ𠀀", "ハ ス 𠀀"),
        ("฿100 ห้องA", "100 ห ้ อ ง a"),
    ],
)
def test_scripts_without_spaces_give_a_token_a_character(text: str, expected: str) -> None:
    assert tokens(clean(text)) == expected.split()


def test_vowels_that_are_marks_belong_to_the_word() -> None:
    assert len(tokens("हिन्दी में")) == 2
    assert tokens("मीन") != tokens("मन")
    assert tokens("مُحَمَّد") == tokens("محمد")
    assert tokens("⚠\ufe0f \u20e3") == []


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
