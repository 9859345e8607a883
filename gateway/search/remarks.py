"""Remarks on parts of a query that may have been meant differently: other search engines' operators, brackets, wildcards.

Pure. An answer without hits reads as "nobody did that". If a word of the query means something elsewhere but nothing
here, the user is told beside the answer.
"""

import re
from collections.abc import Iterator
from typing import Final

AND: Final = 'AND is not needed: all words must be in one line anyway; to search for the word itself write "AND"'
OPEN_QUOTE: Final = "the quotation mark is not closed; everything after it was searched for as one phrase"

_AS_WORDS: Final = {
    "and": "leave it out: all words must be in one line anyway",
    "or": "to find one of two words write OR in capitals",
    "NOT": "to leave lines out write -word",
    "NEAR": "to find what was visible at about the same time write NEAR/10s",
}
# What the fields are called elsewhere.
_FIELDS: Final = {
    **dict.fromkeys(("user", "username", "who", "by", "account"), "operator"),
    **dict.fromkeys(("host", "hostname", "server", "machine", "asset"), "target"),
    **dict.fromkeys(("since", "from"), "after"),
    **dict.fromkeys(("until", "to"), "before"),
    **dict.fromkeys(("typed", "key", "keyboard", "input"), "keys"),
    **dict.fromkeys(("filename", "upload", "download"), "file"),
}
_FIELD: Final = re.compile(r"(?P<name>[A-Za-z]+):(?P<value>[^/\s]\S*)")
_WILDCARD: Final = re.compile(r"\w\?\w|\*+\w")


def remarks(word: str) -> Iterator[str]:
    """Return the remarks on a word typed without quotation marks."""
    key = word if word.isupper() else word.lower()
    meant = _AS_WORDS.get(key) or (_AS_WORDS["NEAR"] if key.startswith("near/") else None)
    if meant:
        yield f"“{word}” was searched for as a word; {meant}"
    elif word.startswith("(") or (word.endswith(")") and word.count("(") < word.count(")")):
        yield "brackets do not group words and were ignored; OR joins only the two words beside it"
    if '"' in word or word.startswith(("'", "\u2018", "`")):
        yield f"“{word}” is not a phrase; a phrase begins with a double quotation mark after a blank"
    if _WILDCARD.search(word) and not set(word) & set("/=&"):
        yield f"“{word}” was searched for without its wildcard; only * at the end of a word stands for more letters"
    field = _FIELD.match(word)
    if field and field["name"].lower() in _FIELDS:
        known = _FIELDS[field["name"].lower()]
        yield f"“{field['name']}:” was searched for as a word; did you mean {known}:{field['value']}?"
