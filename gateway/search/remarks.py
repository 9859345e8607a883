"""What may not have been meant as it was understood: other search boxes' operators, brackets, wildcards. Pure.

An answer without hits reads as "nobody did that". Where a word of the query means something elsewhere and nothing here,
the person who typed it is told, beside the answer.
"""

import re
from collections.abc import Iterator
from typing import Final

AND: Final = 'AND is not needed: all words must be in one line anyway; to look for the word itself write "AND"'
OPEN_QUOTE: Final = "the quotation mark is not closed; all that follows it was looked for as one phrase"

_AS_WORDS: Final = {
    "and": "leave it out: all words must be in one line anyway",
    "or": "for one of two words write OR in capitals",
    "NOT": "to leave lines out write -word",
    "NEAR": "for what was visible at about the same time write NEAR/10s",
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
    """What to say of a word that was typed without quotation marks around it."""
    key = word if word.isupper() else word.lower()
    meant = _AS_WORDS.get(key) or (_AS_WORDS["NEAR"] if key.startswith("near/") else None)
    if meant:
        yield f"“{word}” was looked for as a word; {meant}"
    elif word.startswith("(") or (word.endswith(")") and word.count("(") < word.count(")")):
        yield "brackets do not group words and were left out; OR joins only the two words beside it"
    if '"' in word or word.startswith(("'", "\u2018", "`")):
        yield f"“{word}” is not a phrase; a phrase begins with a double quotation mark behind a blank"
    if _WILDCARD.search(word) and not set(word) & set("/=&"):
        yield f"“{word}” was looked for without its wildcard; only * at the end of a word stands for more letters"
    field = _FIELD.match(word)
    if field and field["name"].lower() in _FIELDS:
        known = _FIELDS[field["name"].lower()]
        yield f"“{field['name']}:” was looked for as a word; did you mean {known}:{field['value']}?"
