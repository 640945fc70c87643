"""Addresses of homes: a street with a number, a postcode, or both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copanalysis.study.privacy.findings import Finding
from copanalysis.study.privacy.patterns import DIGIT, MONTH

ENDINGS = (
    "straat|laan|weg|plein|gracht|kade|singel|dijk|steeg|dreef|plantsoen|hof|pad|park|markt|baan|"
    "wal|boulevard|burg|poort|erf|veld|kamp|wijk|horst|akker|donk|hoek|werf|oever|zoom|berg|str"
)
JOINT = r"(?:van|de|den|der|ten|ter|het|'t|op|aan|in|den)"
TITLED = r"(?:Prof|Dr|Mr|Ds|Ir|St|Burg|Pres|Kon|Gen|Adm|[A-Z])\."
STREET = (
    rf"(?:(?:{TITLED}|[A-Z][\w'’-]*) (?:{JOINT} ){{0,2}}){{0,3}}[A-Z][\w'’-]*(?:{ENDINGS})\.?"
    rf"|(?:Laan|Plein|Hof|Weg|Kade|Burgemeester|Prins|Koningin) (?:{JOINT} ){{0,2}}[A-Z][\w'’-]+"
)
GAP = r"(?:\s{1,2}|\s*\n\s*)"  # more of it within a line stands between columns
NUMBER = r"\d{1,4}(?:\s?[a-zA-Z](?![\w]))?(?:[-/]\d{1,4})?"
POSTCODE = r"[1-9]\d{3}\s*(?!SA|SD|SS)[A-Z]{2}"
TOWN = r"(?:,?\s+(?:(?:'s-|Den\s|De\s|Het\s|Sint\s)?[A-Z][\w'’-]+))"
ADDRESS = re.compile(
    rf"(?<![\w-])(?:{STREET}){GAP}{NUMBER}(?![\w%])(?!\s+{MONTH})(?:,?\s+(?:in\s)?{POSTCODE}(?![\w-]){TOWN}?)?"
)
CODE = re.compile(rf"(?<![\w.,/#-])(?P<code>{POSTCODE})(?![\w-])(?P<town>{TOWN})?")
YEAR_LIKE = re.compile(r"(?:19|20)\d{2}\s")
FIRST_WORDS = re.compile(r"(?:Op|In|Aan|Bij|De|Het|Een|En|Maar|Dus|Naar|Van|Ja|Nee|Adres)\s")


def find_addresses(text: str) -> Iterator[Finding]:
    """Streets with a house number, with the postcode and town behind them, and bare postcodes.

    Four digits that could be a year with two capitals behind a space ("2023 EU") count as a
    postcode only when the name of a town follows. A street without a number is left: it stands
    for many homes.
    """
    if not DIGIT.search(text):
        return
    for found in ADDRESS.finditer(text):
        start = found.start()
        while first := FIRST_WORDS.match(text, start):  # of the sentence, not of the street
            start = first.end()
        yield Finding(start, found.end(), "address", text[start : found.end()], "pattern")
    for found in CODE.finditer(text):
        if found["town"] or not YEAR_LIKE.match(found["code"]):
            yield Finding(found.start(), found.end(), "address", found[0], "pattern")
