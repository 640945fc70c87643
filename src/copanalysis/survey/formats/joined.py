"""All picks of a question in one cell: split by known options, or find the options first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

PLAIN = str.maketrans({"\u00a0": " ", "\u2019": "'", "\u2018": "'", "\u0060": "'", "\u00b4": "'"})
LOWEST = 2  # a part must be picked by so many respondents to count as an option
MOST_OPTIONS = 40


def split_joined(cell: str, *, options: Sequence[str], joiner: str) -> tuple[list[str], list[str]]:
    """The picks in a cell such as "Zeeland, Utrecht": known options, then what is left.

    An option may hold the joiner itself, or be the beginning of another option: of all ways to
    cut the cell at joiners the one that leaves the fewest parts unknown is taken, and of those
    the one with the longest options. Unknown parts that stand together are one remainder (a
    write-in may hold commas). No-break spaces and curly apostrophes count as plain ones,
    spaces around parts do not count; otherwise an option must be written exactly so. Returns
    the options as given in ``options``, in the order of the cell, and the remainders.
    """
    known = {_plain(option).strip(): option for option in options}
    parts = cell.split(joiner)
    if parts and not parts[-1].strip():
        parts.pop()  # Microsoft Forms ends every cell with the joiner
    plain = [_plain(part) for part in parts]
    picks: list[str] = []
    rest: list[str] = []
    joined_before = False
    for start, end in _cuts(plain, known, joiner):
        option = known.get(joiner.join(plain[start:end]).strip())
        text = joiner.join(parts[start:end])
        if option is not None:
            picks.append(option)
        elif joined_before:
            rest[-1] += joiner + text
        else:
            rest.append(text)
        joined_before = option is None
    return picks, [text.strip() for text in rest if text.strip()]


def _plain(text: str) -> str:
    return text.translate(PLAIN)


def _cuts(parts: Sequence[str], known: dict[str, str], joiner: str) -> list[tuple[int, int]]:
    """Where to cut: (start, end) of each piece, by the cheapest way from every part to the end.

    The cost of a way is (unknown parts, pieces); the longest piece comes first among equals.
    """
    longest = max((option.count(joiner.strip()) + 1 for option in known), default=1)
    cost = [(0, 0)] * (len(parts) + 1)
    end_of = [0] * len(parts)
    for start in range(len(parts) - 1, -1, -1):
        unknown, pieces = cost[start + 1]
        cost[start], end_of[start] = (unknown + 1, pieces + 1), start + 1
        for end in range(min(len(parts), start + longest), start, -1):
            unknown, pieces = cost[end]
            is_known = joiner.join(parts[start:end]).strip() in known
            if is_known and (unknown, pieces + 1) < cost[start]:
                cost[start], end_of[start] = (unknown, pieces + 1), end
    cuts, at = [], 0
    while at < len(parts):
        cuts.append((at, end_of[at]))
        at = end_of[at]
    return cuts


def find_options(cells: Iterable[str | None], *, joiner: str) -> list[str]:
    """The options behind joined cells when no list is given, most picked first (inferred).

    A part counts as an option when at least two cells hold it. Where most cells begin with a
    capital, a part that begins with a small letter belongs to the part before it: options
    start with a capital, their continuation after a comma does not. Returns [] when there are
    more than MOST_OPTIONS of them: that is free text.
    """
    texts = Counter(cell for cell in cells if cell and cell.strip())
    begins = sum(n for text, n in texts.items() if not text.lstrip()[0].islower())
    capitals = begins >= 0.9 * texts.total()
    counts: Counter[str] = Counter()
    for text, n in texts.items():
        counts.update(dict.fromkeys(_pieces(text, joiner, capitals), n))
    options = [option for option, n in counts.most_common() if n >= LOWEST]
    return options if len(options) <= MOST_OPTIONS else []


def _pieces(text: str, joiner: str, capitals: bool) -> list[str]:
    pieces: list[str] = []
    for part in text.split(joiner):
        if capitals and pieces and part.lstrip()[:1].islower():
            pieces[-1] += joiner + part
        elif part.strip():
            pieces.append(part)
    return [piece.strip() for piece in pieces]


def joined_options(cells: Sequence[str | None], *, joiner: str) -> list[str]:
    """The inferred options when cells hold joined picks, [] when they seem to hold one answer.

    Picks are joined when at least one cell holds two different options and at least half of
    the filled cells hold a known one.
    """
    texts = Counter(cell for cell in cells if cell and cell.strip())
    if not any(joiner.strip() in text for text in texts):
        return []
    options = find_options(cells, joiner=joiner)
    if len(options) < 2:
        return []
    several = some = 0
    for text, n in texts.items():
        found = len(set(split_joined(text, options=options, joiner=joiner)[0]))
        several, some = several + n * (found > 1), some + n * (found > 0)
    return options if several and 2 * some >= texts.total() else []
