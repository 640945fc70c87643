"""The chapter: the one object through which a notebook reads data and puts out results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from IPython import get_ipython
from IPython.display import display
from PIL import Image

from copanalysis.errors import CopanalysisError
from copanalysis.evidence.sources import Sources
from copanalysis.fieldwork.code_tables import answers_in_analysis
from copanalysis.report.accounting import closing_html
from copanalysis.report.cells import wholly_hidden
from copanalysis.report.charts_choice import shares as draw_shares
from copanalysis.report.disclosure.records import Told, read_pattern
from copanalysis.report.engine.parting import leave
from copanalysis.report.figures import figure_html
from copanalysis.report.journal import CALL, Journal, journaled, left_of
from copanalysis.report.kept_drawings import KeptDrawings, drawn_with
from copanalysis.report.markup import escape, notebook_style, tag
from copanalysis.report.notebooks import NotebookCells
from copanalysis.report.numbers import join_words
from copanalysis.report.objects import Drawing, Figure, NotShown, Released
from copanalysis.report.outputs import (
    MANIFEST_MIME,
    manifest_of,
    pages_folder,
    read_manifest,
    versions,
    write_page,
)
from copanalysis.report.pages import Value, page_of
from copanalysis.report.prose import Number, resolve, text_paragraphs, unlinked
from copanalysis.report.references import OUTPUTS, References
from copanalysis.report.release import release
from copanalysis.report.sources import ReadData
from copanalysis.report.staleness import present, stale_note
from copanalysis.report.tables import table_html
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.plan import Item, Study, load_study
from copanalysis.study.usage import aside

FIELDWORK = ("documents", "segments", "code_agreement")  # that evidence needs
BASES = {
    "answered": "Deelnemers die antwoord gaven op de vraag",
    "asked": "Deelnemers aan wie deze vraag is voorgelegd:",
    "ticked_any": "Deelnemers die iets aanvinkten bij de vraag",
}


class Chapter:
    """What a notebook opens first and closes last.

    It reads processed tables (and remembers which), releases tables through disclosure
    control, draws figures from released tables only, fills the numbers of the prose, and at
    the end writes everything with a manifest to ``reports/pages/<page id>/``. Whatever it
    registers it also shows, in JupyterLab as in the report.
    """

    def __init__(self, notebook: str, parameters: Mapping[str, Value], study: Study) -> None:
        self.study = study
        self.page = page_of(study, notebook, parameters)
        self.data = ReadData(study)
        self.references = References(study, self.page)
        self.tables: dict[str, Released | NotMeasured] = {}
        self.figures: dict[str, Figure | NotMeasured] = {}
        self.titles: dict[tuple[str, str], str] = {}  # of what is not there, by kind and id
        self.numbers: list[Number] = []
        self.texts: list[str] = []
        self.source_cells = NotebookCells(study.root, self.page.notebook)
        self.pattern = read_pattern(study.root, self.page.id)
        self.told: dict[str, Told] = {}
        self.drawings = KeptDrawings(pages_folder(study.root) / self.page.id)
        self.journal = Journal()

    def __getitem__(self, id: str) -> Released | NotMeasured:
        """A registered table, as released."""
        self.journal.whole = False  # what the notebook does next may follow from what is hidden
        return self.registered(id)

    def registered(self, id: str) -> Released | NotMeasured:
        """A registered table, as released, for this package."""
        if id not in self.tables:
            known = ", ".join(self.tables) or "none yet"
            raise CopanalysisError(f"No table {id!r} is registered in this chapter ({known}).")
        return self.tables[id]

    @property
    def parameters(self) -> tuple[Value, ...]:
        """The parameters in the order given, as study.toml writes them: papermill's ``-p wave 3``
        passes a number, and a wave is a text."""
        return tuple(self.page.parameters.values())

    @property
    def cop(self) -> str:
        """The one CoP that this page is about ("" for all)."""
        return str(self.page.parameters.get("cop", ""))

    def answers(self, *, waves: Sequence[str], cop: str = "") -> pd.DataFrame:
        """Tidy answers of the respondents in the analysis, of some waves (and of one CoP)."""
        if cop and cop not in self.study.names.ids(kind="cop"):
            known = ", ".join(self.study.names.ids(kind="cop"))
            raise CopanalysisError(f"Unknown CoP {cop!r}; the study has {known}.")
        frames = [self.data.used_answers(wave) for wave in waves]
        answers = pd.concat(frames, ignore_index=True)
        return answers[answers["cop"].eq(cop)] if cop else answers

    def read(self, table: str, *, waves: Sequence[str] = ("",)) -> pd.DataFrame:
        """One processed table as tables.csv describes it; of the survey, of some waves."""
        return pd.concat([self.data.table(table, wave) for wave in waves], ignore_index=True)

    def written(self) -> pd.DataFrame:
        """The coded answers in words, of the respondents in the analysis of every wave."""
        waves = list(self.study.waves)
        people, answers = self.read("respondents", waves=waves), self.answers(waves=waves)
        return answers_in_analysis(self.read("coded_answers"), respondents=people, answers=answers)

    def sources(self, *, until: str = "") -> Sources:
        """All that evidence is looked up in: answers of every wave, coded conversations and their
        coders' agreement, registers; ``until`` a phase leaves out what came after it."""
        tables = self.study.table("tables.csv")
        names = tables.loc[tables["folder"].eq("registers"), "table"].unique()
        read = {name: self.read(name) for name in (*FIELDWORK, *names)}
        read["coded_answers"] = self.written()
        answers = self.answers(waves=list(self.study.waves))
        return Sources(self.study, answers, read).until(until)

    def population(self, *, by: str = "", wave: str = "") -> int | dict[str, int]:
        """The members that intervals are corrected for: of all CoPs together, of those that
        answered in a wave, of the one CoP of this page, or with ``by="cop"`` of each."""
        members = self.study.members()
        if by == "cop":
            return members
        answered = set(self.answers(waves=[wave])["cop"]) & set(members) if wave else set()
        if self.cop or not answered or answered == set(members):
            return self.study.population(cop=self.cop)
        return sum(members[cop] for cop in answered)

    def about(self, item: str, *, base: str, waves: Sequence[str]) -> dict[str, Any]:
        """What a table on one item says under it: base (who was counted), source, question.

        And of which waves it is, for disclosure control.
        """
        asked = next((i for i in self.study.items if i.id == item), None)
        if asked is None:
            raise CopanalysisError(f"Unknown item {item!r}; see data/instruments/items.csv.")
        cop = self.study.cop_label(self.cop, wave=waves[-1])
        only = f", alleen CoP {cop}" if self.cop else ""
        return {
            "base": f"{BASES[base]} \u201c{asked.wording}\u201d{only}",
            "source": self.source(waves=waves),
            "question": " ".join(asked.questions),
            "waves": tuple(waves),
        }

    def source(self, *, waves: Sequence[str]) -> str:
        """The source line of a table on survey answers of some waves."""
        name = self.study.settings["study"]["survey_name"].capitalize()
        return f"{name}, {join_words(self.study.wave(w).name for w in waves)}"

    @journaled
    def table(
        self,
        id: str,
        data: pd.DataFrame | NotMeasured,
        *,
        title: str,
        base: str,
        source: str,
        key: Sequence[str] = (),
        columns: Sequence[str] | Mapping[str, str] = (),
        formats: Mapping[str, str] | None = None,
        question: str = "",
        notes: Sequence[str] = (),
        waves: Sequence[str] = (),
        instrument: bool = False,
        folded: bool = False,
    ) -> None:
        """Release a table under an id and show it.

        ``key`` names the columns that identify a row, ``columns`` those to show, in order: a
        list of names with a known Dutch header, or a mapping to headers ("" for the known
        one); a table of shares per option needs neither. ``waves`` says which wave a table counts
        that has no column for it (``about`` gives it). ``instrument`` says that it shows
        what was asked, not what was answered, which is not synthetic. A NotMeasured shows its
        reason in place of the table, and so does a table without rows. ``folded`` shows a long
        table closed. ``title`` may hold pointers into earlier tables.
        """
        text = self._filled(title, of=f"de titel van tabel {self.references.number('table', id)}")
        if not isinstance(data, NotMeasured) and data.empty:
            data = NotMeasured(id, "hierover is niets geregistreerd of gezegd")
        if isinstance(data, NotMeasured):
            self.tables[id] = data
            self._show_not_measured("tab", id, text, data)
            return
        released, self.told[id] = release(
            data,
            study=self.study,
            cop=self.cop,
            waves=waves,
            pattern=self.pattern,
            lone=self.data.lone_cop,
            page=self.page.id,
            key=key,
            columns=columns,
            formats=formats or {},
            notes=notes,
            id=id,
            number=self.references.number("table", id),
            title=text,
            base=base,
            source=source,
            question=question,
            synthetic=self.data.synthetic and not instrument,
            cell=self.source_cells.current,
        )
        self.tables[id] = released
        caption, html = f"Tabel {released.number}. {text}", table_html(released)
        if folded:
            html = tag("details", tag("summary", escape(caption)), html, class_="cop-data")
        self._show(caption, html)

    @journaled
    def figure(
        self,
        id: str,
        draw: Callable[..., Drawing],
        *,
        of: str,
        title: str,
        subtitle: str,
        **options: Any,
    ) -> None:
        """Draw a figure from a registered table, under a headline that says the finding.

        ``draw`` is a function that takes the released table and ``options``; ``title`` and
        ``subtitle`` may hold pointers. Of a table that was not measured, or of which every number
        is hidden, the reason is shown.
        """
        table = self.registered(of)
        if isinstance(table, Released) and wholly_hidden(table):
            table = NotShown(id, f"tabel {table.number} toont geen enkel aantal")
        if isinstance(table, NotMeasured):
            self.figures[id] = table
            self._show_not_measured("fig", id, "", table)
            return
        number = self.references.number("figure", id)
        drawing, drawn_from = self.drawings.drawn(id, draw, table, options)
        self.figures[id] = figure = Figure(
            id=id,
            number=number,
            title=self._filled(title, of=f"de titel van figuur {number}"),
            subtitle=self._filled(subtitle, of=f"de ondertitel van figuur {number}"),
            drawing=drawing,
            drawn_from=drawn_from,
            base=table.base,
            source=table.source,
            question=table.question,
            synthetic=table.synthetic,
        )
        self._show(f"Figuur {figure.number}. {figure.title}", figure_html(figure))

    def survey_item(self, item: Item, shares: pd.DataFrame | NotMeasured) -> None:
        """One closed item of the questionnaire in full: heading, wording, table and figure."""
        wave = str(self.page.parameters["wave"])
        about = self.about(item.id, base="answered", waves=[wave])
        top = f"{item.id}[max=share]"
        self.prose(f"### {item.number or 'Buiten de vragenlijst:'} {item.short}")
        self.prose(f"{{item:{item.id}}}")
        notes = [item.note] if item.note else []
        self.table(item.id, shares, title=item.short, **about, notes=notes)
        self.figure(
            item.id,
            draw_shares,
            of=item.id,
            sort=item.type == "multiple",
            title=f"{item.short}: vaakst “{{{top}.label}}”, door {{{top}.share}}",
            subtitle="Aandeel van wie de vraag beantwoordde, {param.wave}",
        )

    @journaled
    def prose(self, text: str) -> None:
        """Show prose with its pointers filled in; in a notebook, the cell magic %%prose."""
        filled = self._filled_in(text, of="de tekst", whole=False)
        self.texts += text_paragraphs(filled)
        self.put_out({"text/markdown": filled, "text/plain": filled})

    def close(self) -> None:
        """Write tables, figures and manifest to reports/pages/, whole or not at all.

        Raises CopanalysisError when an output that outline.csv promises was not registered.
        """
        done = {"table": self.tables, "figure": self.figures}
        missing = [
            f"{kind} {id}"
            for kind, ids in self.references.promised.items()
            for id in ids
            if id not in done[kind]
        ]
        if missing:
            raise CopanalysisError(
                f"{self.page.notebook} promises outputs that nobody registered: "
                f"{', '.join(missing)}. Register them or take them out of outline.csv."
            )
        manifest = manifest_of(self)
        write_page(self, manifest)
        leave(left_of(self))
        more = {MANIFEST_MIME: manifest}
        self._show(f"Geschreven: {self.page.id}", closing_html(manifest), more)

    def _filled_in(self, text: str, *, of: str, whole: bool = True) -> str:
        """Text with its pointers filled in (`resolve`); ``of`` says in Dutch what the text is."""
        filled, numbers = resolve(
            text,
            find=self.registered,
            reference=self.references.link,
            words=self.references.words(),
            scales=self.study.settings["words"],
            whole=whole,
        )
        cell = self.source_cells.current
        self.numbers += [replace(number, of=of, cell=cell) for number in numbers]
        return filled

    def _filled(self, text: str, *, of: str) -> str:
        """A title with its pointers filled in, without links, beginning with a capital."""
        filled = unlinked(self._filled_in(text, of=of))
        return filled[:1].upper() + filled[1:]

    def _show_not_measured(self, mark: str, id: str, title: str, reason: NotMeasured) -> None:
        kind, word = OUTPUTS[mark]
        self.titles[kind, id] = title
        titled = f"{title.rstrip('.')}." if title and title[-1] not in "?!" else title
        head = f"{word.capitalize()} {self.references.number(kind, id)}. {titled}".strip()
        words = f"{tag('b', escape(head))} {escape(str(reason).rstrip('.'))}."
        html = tag("p", words, id=f"{mark}-{id}", class_="not-measured")
        self._show(f"{head} {reason}", html)

    def _show(self, plain: str, html: str, more: Mapping[str, Any] | None = None) -> None:
        self.put_out({"text/html": html, "text/plain": plain, **(more or {})})

    def put_out(self, data: Mapping[str, Any]) -> None:
        """Show something in the notebook, marked with the call that it comes from."""
        number = self.journal.current
        display(dict(data), raw=True, metadata={CALL: number} if number else {})


def get_ready() -> None:
    """Find out once, in a process that is forked, what every chapter asks."""
    versions()
    drawn_with()
    Image.preinit()  # the formats, of which Pillow imports some when it first saves a picture


def open_chapter(
    notebook: str, *, parameters: Mapping[str, Value] | None = None, root: Path | None = None
) -> Chapter:
    """Open the chapter of a notebook: ``notebook`` is its file name without ".ipynb".

    ``parameters`` are those of the parameters cell by name. In a notebook it shows the banner
    of synthetic data, says when the page as it stands is stale, and makes the cell magic
    %%prose, whose Markdown may hold pointers. From then on pandas keeps text as Python strings.
    """
    pd.options.mode.string_storage = "python"  # of small tables a third faster than Arrow's
    chapter = Chapter(notebook, dict(parameters or {}), load_study(root))
    shell = get_ipython()
    if shell is not None:
        shell.register_magic_function(
            lambda line, cell: chapter.prose(cell), magic_kind="cell", magic_name="prose"
        )
        shell.events.register("pre_run_cell", chapter.source_cells.began)
    note = "Fictieve gegevens: dit hoofdstuk is gemaakt met de synthetische tweeling."
    banner = tag("p", note, class_="synthetic") if chapter.data.synthetic else ""
    page, root = chapter.page.id, chapter.study.root
    with aside():  # how the page stood before
        stale = stale_note(present(root).changes(read_manifest(root, page)))
    badge = tag("p", escape(stale), class_="stale") if stale else ""
    chapter._show(f"{page} {stale}".strip(), notebook_style() + banner + badge)
    return chapter
