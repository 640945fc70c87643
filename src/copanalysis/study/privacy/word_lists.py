"""Lists of Dutch given names, surnames, places and common words, read from deduce's own files.

Only the files are read: importing deduce takes seconds, sets up logging for the whole program,
and is needed for none of this.
"""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from functools import cache
from pathlib import Path

from copanalysis.errors import CopanalysisError

SPECIAL = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})


def folded(text: str) -> str:
    """A name to compare by: letters only, no case, no accents ("Van den  Akker": vandenakker)."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(SPECIAL))
    return "".join(letter for letter in plain if letter.isalnum())


@cache
def given_names() -> frozenset[str]:
    """Given names in use in the Netherlands, folded, without those that are common words."""
    return _list("names/lst_first_name") - ordinary_words()


@cache
def surnames() -> frozenset[str]:
    """The core of Dutch surnames ("Akker" of "van den Akker" too), folded."""
    return _list("names/lst_surname") | _list("names/lst_interfix_surname")


@cache
def places() -> frozenset[str]:
    """Dutch municipalities and places to live, folded, without the province in brackets."""
    return _list("locations/lst_placename/lst_residence") | _list(
        "locations/lst_placename/lst_municipality"
    )


@cache
def ordinary_words() -> frozenset[str]:
    """The commonest words of Dutch, folded."""
    return _list("whitelist/lst_common_word") | _list("whitelist/lst_stop_word")


def _list(folder: str) -> frozenset[str]:
    items = _lines(folder, "items.txt") - _lines(folder, "exceptions.txt")
    words = {folded(re.sub(r"\([^)]*\)", "", item)) for item in items}
    return frozenset(word for word in words if len(word) > 1)


def _lines(folder: str, file: str) -> set[str]:
    path = _lookup() / folder / file
    if not path.is_file():
        return set()
    return {line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()}


def _lookup() -> Path:
    """Where deduce keeps its lists."""
    found = importlib.util.find_spec("deduce")
    folder = Path(found.origin).parent / "data" / "lookup" / "src" if found else Path()
    if not (folder / "names" / "lst_first_name" / "items.txt").is_file():
        raise CopanalysisError(
            "The name lists of deduce are not there, so names cannot be found; "
            "install the packages again (make report does so)."
        )
    return folder
