"""Identifiers that have a form of their own: numbers, addresses on line, dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copanalysis.study.privacy.findings import Finding

ALONE = r"(?<![\w@.,/+=-])"  # no part of a longer word, number, path or hash
NO_MORE = r"(?![\w@=]|[.,/-]\d)"
GAP = r"[\s.\u00a0-]?"
AREA_3 = r"0(?:10|13|15|20|23|24|26|3[03568]|4[03456]|5[0358]|7[0-9]|85|88)"
AREA_4 = r"0(?:1[1-8]|2[259]|3[1-4]|4[1789]|5[1-9])\d"
PHONES = (
    rf"(?:(?:\+|00)31{GAP}(?:\(0\){GAP})?|0)6(?:{GAP}\d){{8}}",
    rf"(?:(?:\+|00)31{GAP}(?:\(0\){GAP})?)[1-578]\d(?:{GAP}\d){{7}}",
    rf"\(?{AREA_3}\)?[\s-]?\d{{3}}{GAP}\d{{2}}{GAP}\d{{2}}",
    rf"\(?{AREA_3}\)?[\s-]?\d{{7}}",
    rf"\(?{AREA_4}\)?[\s-]?\d{{2}}{GAP}\d{{2}}{GAP}\d{{2}}",
    rf"\(?{AREA_4}\)?[\s-]?\d{{3}}{GAP}\d{{3}}",
    rf"\+(?!31)[1-9]\d{{0,2}}{GAP}(?:\(0\){GAP})?\d(?:{GAP}\d){{7,11}}",
)
PHONE = re.compile(rf"{ALONE}(?:{'|'.join(PHONES)}){NO_MORE}")
EMAIL = re.compile(r"(?<![\w.+%-])\w[\w.+%-]*@\w[\w-]*(?:\.[\w-]+)*\.[^\W\d_]{2,}(?![\w@])")
DIGIT = re.compile(r"\d")
SPOKEN_AT = re.compile("apen?staartje", re.IGNORECASE)
SPOKEN_EMAIL = re.compile(  # "a punt wolters apenstaartje voorbeeld punt nl"
    r"\b\w+(?:\s(?:punt|streepje)\s\w+)*\s(?:apenstaartje|apestaartje)\s\w+(?:\spunt\s\w+)+",
    re.IGNORECASE,
)
NINE = re.compile(rf"{ALONE}\d{{9}}{NO_MORE}")
SPLIT_BSN = re.compile(
    rf"{ALONE}(?:\d{{3}}[ .]\d{{3}}[ .]\d{{3}}|\d{{4}}[ .]\d{{2}}[ .]\d{{3}}|\d{{8}}){NO_MORE}"
)
ABOUT_BSN = re.compile(r"\b(?:bsn|burgerservicenummer|sofi-?nummer)\b", re.IGNORECASE)
DUTCH_IBAN = re.compile(r"(?<!\w)NL\d{2} ?[A-Z]{4}(?: ?\d){10}(?!\w)", re.IGNORECASE)
FOREIGN_IBAN = re.compile(r"(?<!\w)(?!NL)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)")
IBAN_LENGTHS = {"AT": 20, "BE": 16, "BG": 22, "CH": 21, "CZ": 24, "DE": 22, "DK": 18, "ES": 24}
IBAN_LENGTHS |= {"FI": 18, "FR": 27, "GB": 22, "GR": 27, "HU": 28, "IE": 22, "IT": 27, "LT": 20}
IBAN_LENGTHS |= {"LU": 20, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "TR": 26, "UA": 29}
MONTH = r"(?:jan(?:uari)?|feb(?:ruari)?|maart|mrt|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?|"
MONTH += r"sep(?:t(?:ember)?)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
YEAR = r"(?:19|20)\d{2}"
DATE = re.compile(
    rf"(?<![\w-])(?:{DAY}\s+{MONTH}\s+{YEAR}|{DAY}([-/. ])(?:0?[1-9]|1[0-2])\1(?:{YEAR}|\d{{2}})|"
    rf"{YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?![\w-])",
    re.IGNORECASE,
)
BIRTH = re.compile(r"\b(?:geboren|geboortedatum|geboortedag|geb\.|verjaardag|jarig)", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?](?:\s|$)|\n")
ADULTS = 2008  # nothing but a birth is dated to the day that long ago in talk of a running study
BEFORE, AFTER = 60, 40  # letters around a date in which a word about birth is looked for
PLATE = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}-\d{2}-\d{2}|\d{2}-\d{2}-[A-Z]{2}|\d{2}-[A-Z]{2}-\d{2}|"
    r"[A-Z]{2}-\d{2}-[A-Z]{2}|[A-Z]{2}-[A-Z]{2}-\d{2}|\d{2}-[A-Z]{2}-[A-Z]{2}|"
    r"\d{2}-[A-Z]{3}-\d|\d-[A-Z]{3}-\d{2}|[A-Z]{2}-\d{3}-[A-Z]|[A-Z]-\d{3}-[A-Z]{2})(?![\w-])"
)


def find_numbers(text: str) -> Iterator[Finding]:
    """E-mail addresses, phone numbers, BSNs, IBANs, dates of birth and licence plates.

    A BSN satisfies the eleven test; one with dots or spaces, or without its leading zero, counts
    only behind a word such as "BSN". A Dutch IBAN is known by its shape alone, because no other
    text has it and a mistyped one still points to somebody; one of another country by length and
    checksum (ISO 13616). A full date counts as a date of birth next to a word about birth in the
    same sentence, and anywhere when it lies before ADULTS.
    """
    if "@" in text:
        yield from _all("email", EMAIL, text)
    if SPOKEN_AT.search(text):
        yield from _all("email", SPOKEN_EMAIL, text)
    if DIGIT.search(text):
        yield from _with_digits(text)


def _with_digits(text: str) -> Iterator[Finding]:
    yield from _all("phone", PHONE, text)
    yield from _all("licence_plate", PLATE, text)
    yield from _all("iban", DUTCH_IBAN, text)
    yield from (f for f in _all("iban", FOREIGN_IBAN, text) if has_iban_checksum(f.text))
    yield from (f for f in _all("bsn", NINE, text) if is_bsn(f.text))
    for found in _all("bsn", SPLIT_BSN, text):
        about = ABOUT_BSN.search(text, max(0, found.start - 30), found.start)
        if about and is_bsn(found.text):
            yield found
    yield from (f for f in _all("date_of_birth", DATE, text) if _is_about_birth(f, text))


def is_bsn(text: str) -> bool:
    """Whether the digits satisfy the eleven test of the BSN (eight digits: a zero is left out)."""
    digits = [int(d) for d in re.sub(r"\D", "", text).zfill(9)]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(w * d for w, d in zip(weights, digits, strict=True)) if len(digits) == 9 else 1
    return any(digits) and total % 11 == 0


def has_iban_checksum(text: str) -> bool:
    """Whether a code has the length of its country's IBAN and satisfies ISO 13616."""
    code = re.sub(r"\s", "", text)
    if len(code) != IBAN_LENGTHS.get(code[:2], 0):
        return False
    return int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1


def _all(kind: str, pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
    for found in pattern.finditer(text):
        yield Finding(found.start(), found.end(), kind, found[0], "pattern")


def _is_about_birth(date: Finding, text: str) -> bool:
    year = re.search(YEAR, date.text)
    if year and int(year[0]) < ADULTS:
        return True
    before = SENTENCE_END.split(text[max(0, date.start - BEFORE) : date.start])[-1]
    after = SENTENCE_END.split(text[date.end : date.end + AFTER])[0]
    return bool(BIRTH.search(before) or BIRTH.search(after))
