"""A publication of two chapters with every kind of table and a figure, as a run leaves it."""

import json
from dataclasses import replace

from nbformat import write
from notebook_samples import MANIFEST_DATA, closing, code, html_output, notebook, shown
from released_samples import cross, events, gap, overview, shares, statements, steps, waves, wide

from copanalysis.report.figures import figure_html, share_bars
from copanalysis.report.objects import Figure
from copanalysis.report.publication import SitePage, gathered
from copanalysis.report.record import RECORD, picture_files, record_json
from copanalysis.report.tables import table_html

TWICE = {"label": "Over\u00adgeslagen", "hoped": "Aandeel", "got": "aandeel"}
CANARY = "kanarie in een open antwoord"
WIDGETS = {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"a": CANARY}}}}
ONE = {
    "got": shares(hidden=(5, 7), notes=("Een noot bij de tabel.",)),
    "waves": waves(id="waves", number="4.2"),
    "statements": statements(id="statements", number="4.3"),
    "gap": replace(gap(id="gap", number="4.4"), columns=TWICE),
}
TWO = {
    "cross": cross(id="cross", number="5.1", hidden=(1, 4), factor=97),
    "events": events(id="events", number="5.2"),
    "got": steps(id="got", number="5.3", title="=SOM(A1)", synthetic=False),
    "wide": wide(id="wide", number="5.4"),
    "wider": wide(id="wider", number="5.5"),
    "overview": overview(id="overview", number="5.6"),
}
PROSE = (
    "Dat noemt <a class='number' href='#tab-got'>81%</a>, zie <a href='#fig-got'>figuur 4.1</a> "
    "en [de andere tabel](two.html#tab-got).[^1]\n\n1. eerst\n2. dan\n\n- los *punt*\n\n"
    "> Een aanhaling.\n\n| Kop | Getal |\n|---|---|\n| a | b |\n\n[^1]: Een voetnoot."
)


def picture(table):
    words = {"title": "Inzicht voorop", "subtitle": "Aandeel per opbrengst"}
    return Figure("got", "4.1", **words, drawing=share_bars(table), base="Allen", source="Enquête")


def page_folder(place, name, tables, figures, prose):
    """An executed notebook with its page folder."""
    folder = place / "pages" / name
    (folder / "figures").mkdir(parents=True)
    for figure in figures.values():
        for file, data in picture_files(figure).items():
            (folder / "figures" / file).write_bytes(data)
    (folder / RECORD).write_text(record_json(tables, figures), encoding="utf-8")
    (folder / "manifest.json").write_text(json.dumps(MANIFEST_DATA), encoding="utf-8")
    view = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": CANARY}
    outputs = [code(html_output(table_html(table))) for table in tables.values()]
    outputs += [code(html_output(figure_html(figure))) for figure in figures.values()]
    told = code(shown({"text/markdown": prose, "text/plain": prose}), source=f"x = '{CANARY}'")
    book = notebook(
        f"# Titel van {name}\n\nInleiding.",
        "## De uitkomsten",
        *outputs,
        told,
        code(shown(view)),
        "### Verder\n\nNog een alinea.",
        closing(),
        **WIDGETS,
    )
    path = place / f"{name}.ipynb"
    write(book, path)
    return SitePage(name, path, folder=folder)


def sample_publication(place, **changes):
    one = {**ONE, **changes}
    pages = [
        page_folder(place, "one", one, {"got": picture(one["got"])}, PROSE),
        page_folder(place, "two", TWO, {}, "Zie [hier](one.html#fig-got) en elders."),
    ]
    return gathered(pages, title="Evaluatie CoP's", subtitle="Een proef", synthetic=True)
