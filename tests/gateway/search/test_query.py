"""The query language: what is understood, and that any text is answered."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings, strategies as st

from gateway.search.query import MAX_LENGTH, MAX_TERMS, Facet, Near, Query, QueryError, Term, parse


def words(query: Query) -> list[list[str]]:
    return [[" ".join(term.tokens) for term in clause] for clause in query.group.clauses]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("sudo reboot", [["sudo"], ["reboot"]]),
        ('"sudo reboot"', [["sudo reboot"]]),
        ("\N{LEFT DOUBLE QUOTATION MARK}sudo reboot\N{RIGHT DOUBLE QUOTATION MARK}", [["sudo reboot"]]),
        ('"never closed', [["never closed"]]),
        ("/srv/backups", [["srv backups"]]),
        ("a OR b c", [["a", "b"], ["c"]]),
        ("a OR b OR c", [["a", "b", "c"]]),
        ("a AND b", [["a"], ["b"]]),
        ("or and not", [["or"], ["and"], ["not"]]),
        ('"OR"', [["or"]]),
        ("--force", [["force"]]),
        ("https://host/x user:pass C:\\temp", [["https host x"], ["user pass"], ["c temp"]]),
        ("file:///etc/passwd", [["file etc passwd"]]),
        ("NEAR by", [["near"], ["by"]]),
    ],
)
def test_words_phrases_and_alternatives(text: str, clauses: list[list[str]]) -> None:
    assert words(parse(text)) == clauses


def test_fields_become_facets() -> None:
    query = parse('KEYS:sudo operator:"J. Smith" target:web*')
    assert query.group.clauses == (
        (Term(tokens=("sudo",), facets=(Facet("§skeys"),), folded="sudo"),),
        (Term(facets=(Facet("§oj"), Facet("§osmith"))),),
        (Term(facets=(Facet("§tweb", prefix=True),)),),
    )


def test_an_exclusion_is_explained_as_it_may_be_a_flag() -> None:
    query = parse("rm -rf")
    assert [term.tokens for term in query.group.exclusions] == [("rf",)]
    assert query.notes == ('lines with “rf” are left out; to search for it write "-rf" in quotes',)


def test_a_word_of_signs_is_ignored_and_said_so() -> None:
    query = parse("ls | grep")
    assert words(query) == [["ls"], ["grep"]]
    assert query.notes == ("“|” has no letter or digit and was not searched for",)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-10-02", datetime(2026, 10, 2, tzinfo=UTC)),
        ("2026-10", datetime(2026, 10, 1, tzinfo=UTC)),
        ("2026-10-02T08:30", datetime(2026, 10, 2, 8, 30, tzinfo=UTC)),
        ('"2026-10-02 08:30:15"', datetime(2026, 10, 2, 8, 30, 15, tzinfo=UTC)),
        ("2026-10-02T08:30+02:00", datetime(2026, 10, 2, 6, 30, tzinfo=UTC)),
        ("2026-10-02T08:30Z", datetime(2026, 10, 2, 8, 30, tzinfo=UTC)),
    ],
)
def test_times(text: str, at: datetime) -> None:
    query = parse(f"x before:{text} after:{text}")
    assert (query.before_at, query.after_at) == (at, at)


def test_the_narrowest_times_count() -> None:
    query = parse("x after:2026-01 after:2026-03 after:2026-02 before:2026-09 before:2026-08")
    assert (query.after_at, query.before_at) == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))


@pytest.mark.parametrize(("text", "within_ms"), [("10s", 10_000), ("5", 5_000), ("2m", 120_000), ("24h", 86_400_000)])
def test_near(text: str, within_ms: int) -> None:
    assert parse(f"a b NEAR/{text} c").near == (Near(parse("c").group, within_ms),)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("foo AND bar", "AND is not needed"),
        ("foo and bar", "“and” was searched for as a word; leave it out"),
        ("foo or bar", "“or” was searched for as a word; to find one of two words write OR"),
        ("foo NOT bar", "“NOT” was searched for as a word; to leave lines out write -word"),
        ("foo NEAR bar", "“NEAR” was searched for as a word"),
        ("foo near/10s bar", "“near/10s” was searched for as a word"),
        ("(foo bar", "brackets do not group words"),
        ("foo OR (bar baz)", "brackets do not group words"),
        ('"foo bar', "the quotation mark is not closed"),
        ('foo -"bar baz', "the quotation mark is not closed"),
        ('user"foo bar"', '“user"foo” is not a phrase'),
        ("'foo bar'", "“'foo” is not a phrase"),
        ("*word", "“*word” was searched for without its wildcard"),
        ("pass*word", "“pass*word” was searched for without its wildcard"),
        ("passw?rd", "“passw?rd” was searched for without its wildcard"),
        ("user:olga", "“user:” was searched for as a word; did you mean operator:olga?"),
        ("since:2026-10-01", "did you mean after:2026-10-01?"),
        ("operator: smith", "“operator:” has nothing after its colon and was not searched for"),
    ],
)
def test_what_may_have_been_meant_otherwise_is_said(text: str, note: str) -> None:
    assert any(note in each for each in parse(text).notes)


@pytest.mark.parametrize(
    "text",
    [
        "foo bar OR baz",
        '"foo bar" „zwei Wörter“ «deux mots»',
        "func() f(x) index.php?id=1",
        "error:404 root:x:0 http://x C:\\",
        '"AND" "or" "(a)" "user:olga"',
        "backup* keys:passwd operator:smith",
        "command not found",
    ],
)
def test_nothing_is_said_of_what_is_understood(text: str) -> None:
    assert parse(text).notes == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "nothing to search for"),
        ("  | ", "nothing to search for"),
        ("before:2026-10-01", "nothing to search for"),
        ("-secret", "not only what to leave out"),
        ("OR b", "OR needs a word on both sides"),
        ("a OR", "OR needs a word on both sides"),
        ("a OR OR b", "OR needs a word on both sides"),
        ("a OR -b", "OR needs a word on both sides"),
        ("a NEAR/10s", "nothing to search for"),
        ("NEAR/10s a", "nothing to search for"),
        ("a NEAR/soon b", "NEAR needs a time"),
        ("a NEAR/25h b", "at most 24 hours"),
        ("a*", "a prefix needs 2"),
        ("x before:yesterday", "before: needs a date or time, like"),
        ("x after:2026-13-01", "after: needs a date or time, like"),
        ("x after:0001-01-01T00:00+14:00", "after: needs a date or time, like"),
        ("x -before:2026-01-01", "use after: instead"),
        ("x" * (MAX_LENGTH + 1), "too long"),
        ("ab " * (MAX_TERMS + 1), "too many words"),
    ],
)
def test_what_is_no_query_says_what_would_be(text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        parse(text)


# Pieces of the language in any order find more than random characters alone.
_SIGNS = [
    "OR",
    "AND",
    "NEAR/10s",
    "NEAR/",
    '"',
    "“",
    "*",
    "-",
    "--",
    ":",
    "|",
    "\x00",
    "\ud800",
    "'",
    "\\",
    "%",
    "(",
    ")",
]
_FIELDS = ["keys:", "screen:", "operator:", "before:", "after:2026-01-01"]
_LETTERS = ["a", "rm", "日本", "ﬁ", "İ", "\N{COMBINING ACUTE ACCENT}"]
_PIECES = st.sampled_from([*_SIGNS, *_FIELDS, *_LETTERS])
ANY_QUERY = st.one_of(
    st.text(max_size=60), st.lists(st.one_of(_PIECES, st.just(" "), st.text(max_size=3))).map("".join)
)


@given(ANY_QUERY)
@example('"')
@example("keys:")
@example("operator:*")
@example("-keys:")
@example("operator:")
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_query_or_gets_a_message(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        message = str(error)
        query = None
    if query is None:
        assert message
        return
    assert query.group.clauses
    assert all(term.tokens or term.facets for clause in query.group.clauses for term in clause)
