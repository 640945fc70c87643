"""A comparison of two runs for readers: as text for the terminal and as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from copanalysis.report.comparison import KINDS
from copanalysis.report.content import Content, Heading
from copanalysis.report.markup import escape, tag
from copanalysis.report.numbers import join_words
from copanalysis.report.runs import CAUSES
from copanalysis.report.shell import page_html

Comparison = Mapping[str, Any]
COLUMNS = ("Waar", "Was", "Is", "Verschil", "Door")
NOTHING = "–"


def comparison_text(found: Comparison) -> str:
    """The comparison for the terminal: totals, then every change by page."""
    lines = [f"{found['old']} → {found['new']}. {_totals(found)}."]
    for page, causes in found["pages"].items():
        changes = [change for change in found["changes"] if change["page"] == page]
        if changes or causes:
            lines += ["", f"{page} ({_causes_text(causes) or 'dezelfde invoer'})"]
        lines += [f"  {line}" for change in changes for line in [_line(change)]]
    return "\n".join(lines)


def comparison_html(found: Comparison, *, titles: Mapping[str, str]) -> str:
    """The comparison as a page in the shell of the report; ``titles`` are those of its pages."""
    title = f"Wat er veranderde: {found['old']} en {found['new']}"
    sections = list(_sections(found, titles))
    content = Content(
        title=title,
        heading=escape(title),
        html=tag("p", escape(f"{_totals(found)}.")) + "".join(html for _, html in sections),
        headings=tuple(heading for heading, _ in sections),
        synthetic=found["synthetic"],
    )
    return page_html(content, site={})


def _totals(found: Comparison) -> str:
    counts = [f"{n} {KINDS[kind][n > 1]}" for kind, n in found["counts"].items() if n]
    return f"Anders: {join_words(counts)}" if counts else "Geen verschil"


def _causes_text(causes: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{CAUSES[cause]}: {', '.join(what)}" for cause, what in causes.items())


def _line(change: Mapping[str, Any]) -> str:
    by = f" ({change['difference']})" if change["difference"] else ""
    old, new = change["old"] or NOTHING, change["new"] or NOTHING
    id = f" {change['id']}" if change["id"] and change["kind"] == "number" else ""
    said = old if old == new else f"{old} → {new}{by}"
    return f"[{change['kind']}]{id} {change['where']}: {said}"


def _sections(found: Comparison, titles: Mapping[str, str]) -> Iterator[tuple[Heading, str]]:
    """A section per page that changed, with a table per kind of change."""
    for page, causes in found["pages"].items():
        changes = [change for change in found["changes"] if change["page"] == page]
        if not changes:
            continue
        name = titles.get(page) or page
        title = tag("h2", escape(name), id=page)
        why = _causes_text(causes)
        lead = tag("p", escape(f"Wat er anders in ging: {why}.")) if why else ""
        kinds = [kind for kind in KINDS if any(c["kind"] == kind for c in changes)]
        tables = [_table(k, [c for c in changes if c["kind"] == k], name) for k in kinds]
        yield Heading(2, page, name), title + lead + "".join(tables)


def _table(kind: str, changes: Sequence[Mapping[str, Any]], page: str) -> str:
    name = f"{KINDS[kind][1].capitalize()}: {len(changes)}"
    head = tag("tr", *(tag("th", column, scope="col") for column in COLUMNS))
    rows = [_row(change) for change in changes]
    region = {"role": "region", "aria_label": f"{page}, {name}", "tabindex": "0"}
    table = tag("table", tag("caption", name), tag("thead", head), tag("tbody", *rows))
    scroll = tag("div", table, class_="cop-scroll", **region)
    return tag("div", scroll, class_="cop-object cop-table")


def _row(change: Mapping[str, Any]) -> str:
    causes = ", ".join(CAUSES[cause] for cause in change["causes"]) or NOTHING
    texts = [change["old"], change["new"], change["difference"], causes]
    where = f"{change['where']} ({change['id']})" if change["kind"] == "number" else change["where"]
    head = tag("th", escape(where), scope="row", class_="cop-long")
    return tag("tr", head, *(tag("td", escape(text or NOTHING)) for text in texts))
