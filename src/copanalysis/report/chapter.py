"""The chapter: the one object through which a notebook reads data and puts out results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from IPython import get_ipython
from IPython.display import display

from copanalysis.errors import CopanalysisError
from copanalysis.report import columns as column_names
from copanalysis.report.charts_choice import shares as draw_shares
from copanalysis.report.disclosure import suppress_small_cells
from copanalysis.report.figures import figure_html
from copanalysis.report.markup import notebook_style, tag
from copanalysis.report.numbers import join_words
from copanalysis.report.objects import Drawing, Figure, Released
from copanalysis.report.outputs import MANIFEST_MIME, manifest_of, write_page
from copanalysis.report.pages import Value, page_of
from copanalysis.report.prose import Number, resolve
from copanalysis.report.sources import ReadData
from copanalysis.report.tables import table_html
from copanalysis.study.measurement import NotMeasured
from copanalysis.study.plan import Item, Study, load_study

BASES = {
    "answered": "Deelnemers die antwoord gaven op de vraag",
    "asked": "Deelnemers aan wie deze vraag is voorgelegd:",
    "ticked_any": "Deelnemers die iets aanvinkten bij de vraag",
}
NAMED = {"wave": "wave_name", "cop": "cop_name", "direction": "direction_name"}
KINDS = {"tab": ("table", "tabel"), "fig": ("figure", "figuur")}


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
        self.tables: dict[str, Released | NotMeasured] = {}
        self.figures: dict[str, Figure | NotMeasured] = {}
        self.numbers: list[Number] = []
        outline = study.table("outline.csv").query("notebook == @notebook")
        self._promised = {
            kind: list(outline.loc[outline["kind"].eq(kind), "output"])
            for kind in ("table", "figure")
        }
        self._numbered = {kind: list(ids) for kind, ids in self._promised.items()}

    def __getitem__(self, id: str) -> Released | NotMeasured:
        """A registered table, as released."""
        if id not in self.tables:
            known = ", ".join(self.tables) or "none yet"
            raise CopanalysisError(f"No table {id!r} is registered in this chapter ({known}).")
        return self.tables[id]

    def answers(self, *, waves: Sequence[str], cop: str = "") -> pd.DataFrame:
        """Tidy answers of the respondents in the analysis, of some waves (and of one CoP)."""
        frames = [self.data.used_answers(wave) for wave in waves]
        answers = pd.concat(frames, ignore_index=True)
        return answers[answers["cop"].eq(cop)] if cop else answers

    def read(self, table: str, *, waves: Sequence[str]) -> pd.DataFrame:
        """One processed table of some waves, as tables.csv describes it."""
        return pd.concat([self.data.table(table, wave) for wave in waves], ignore_index=True)

    def population(self, *, by: str = "") -> int | dict[str, int]:
        """The members that intervals are corrected for: of all CoPs together, of the one CoP
        of this page, or with ``by="cop"`` of each."""
        if by == "cop":
            return self.study.members()
        return self.study.population(cop=str(self.page.parameters.get("cop", "")))

    def about(self, item: str, *, base: str, waves: Sequence[str]) -> dict[str, str]:
        """What a table on one item says under it: base (who was counted), source, question."""
        asked = next((i for i in self.study.items if i.id == item), None)
        if asked is None:
            raise CopanalysisError(f"Unknown item {item!r}; see data/instruments/items.csv.")
        cop = str(self.page.parameters.get("cop", ""))
        only = f", alleen CoP {self.study.cop_label(cop, wave=waves[-1])}" if cop else ""
        return {
            "base": f"{BASES[base]} \u201c{asked.wording}\u201d{only}",
            "source": self.source(waves=waves),
            "question": " ".join(asked.questions),
        }

    def source(self, *, waves: Sequence[str]) -> str:
        """The source line of a table on survey answers of some waves."""
        name = self.study.settings["study"]["survey_name"].capitalize()
        return f"{name}, {join_words(self.study.wave(w).name for w in waves)}"

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
    ) -> None:
        """Release a table under an id and show it.

        ``key`` names the columns that identify a row, ``columns`` those to show, in order: a
        list of names with a known Dutch header, or a mapping to headers ("" for the known
        one); a table of shares per option needs neither. A NotMeasured shows its reason in
        place of the table. ``title`` may hold pointers into tables registered before.
        """
        text = self._filled(title)
        if isinstance(data, NotMeasured):
            self.tables[id] = data
            self._show_not_measured("table", id, text, data)
            return
        data = data.reset_index(drop=True)
        key = key or column_names.share_key(data)
        columns = columns or column_names.share_columns(data)
        dutch = self._in_dutch(data)
        hidden = self._suppressed(data, key).reindex(columns=dutch.columns, fill_value=False)
        own = columns if isinstance(columns, Mapping) else dict.fromkeys(columns, "")
        own = {NAMED.get(column, column): header for column, header in own.items()}
        released = Released(
            id=id,
            number=self._number("table", id),
            title=text,
            data=dutch.mask(hidden),
            key=tuple(key),
            columns=column_names.headers(own, own=own, confidence=self.study.confidence, table=id),
            formats=column_names.formats(own, own=formats or {}),
            base=base,
            source=source,
            question=question,
            synthetic=self.data.synthetic,
            notes=(*notes, *self._hidden_note(hidden)),
            hidden=hidden,
        )
        self.tables[id] = released
        self._show(f"Tabel {released.number}. {text}", table_html(released))

    def survey_item(self, item: Item, shares: pd.DataFrame | NotMeasured) -> None:
        """One closed item of the questionnaire in full: heading, wording, table and figure."""
        wave = str(self.page.parameters["wave"])
        about = self.about(item.id, base="answered", waves=[wave])
        notes = [item.note] if item.note else []
        top = f"{item.id}[max=share]"
        self.prose(f"### {item.number or 'Buiten de vragenlijst:'} {item.short}")
        self.prose(f"{{item:{item.id}}}")
        self.table(item.id, shares, title=item.short, **about, notes=notes)
        self.figure(
            item.id,
            draw_shares,
            of=item.id,
            sort=item.type == "multiple",
            title=f"{item.short}: vaakst “{{{top}.label}}”, door {{{top}.share}}",
            subtitle="Aandeel van wie de vraag beantwoordde, {param.wave}",
        )

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
        ``subtitle`` may hold pointers. Of a table that was not measured the reason is shown.
        """
        table = self[of]
        if isinstance(table, NotMeasured):
            self.figures[id] = table
            self._show_not_measured("figure", id, "", table)
            return
        figure = Figure(
            id=id,
            number=self._number("figure", id),
            title=self._filled(title),
            subtitle=self._filled(subtitle),
            drawing=draw(table, **options),
            base=table.base,
            source=table.source,
            question=table.question,
            synthetic=table.synthetic,
        )
        self.figures[id] = figure
        self._show(f"Figuur {figure.number}. {figure.title}", figure_html(figure))

    def prose(self, text: str) -> None:
        """Show prose with its pointers filled in; in a notebook, the cell magic %%prose."""
        filled, numbers = self._resolve(text)
        self.numbers += numbers
        display({"text/markdown": filled, "text/plain": filled}, raw=True)

    def close(self) -> Path:
        """Write tables, figures and manifest, whole or not at all; returns their folder.

        Raises CopanalysisError when an output that outline.csv promises was not registered.
        """
        done = {"table": self.tables, "figure": self.figures}
        missing = [
            f"{kind} {id}"
            for kind, ids in self._promised.items()
            for id in ids
            if id not in done[kind]
        ]
        if missing:
            raise CopanalysisError(
                f"{self.page.notebook} promises outputs that nobody registered: "
                f"{', '.join(missing)}. Register them or take them out of outline.csv."
            )
        manifest = manifest_of(self)
        folder = write_page(self, manifest)
        self._display(
            f"Geschreven: {manifest['page']}",
            tag("p", "Tabellen, figuren en herkomst zijn geschreven.", class_="written"),
            {MANIFEST_MIME: manifest},
        )
        return folder

    def _suppressed(self, data: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
        rules = self.study.settings["disclosure"]
        items = set(data["item"]) if "item" in data else set()
        types = {item.id: item.type for item in self.study.items}
        return suppress_small_cells(
            data,
            groups=[c for c in ("wave", "cop", "item") if c in data],
            identifying="cop" in key or bool(self.page.parameters.get("cop")),
            exhaustive=bool(items) and all(types.get(i) in ("single", "scale") for i in items),
            minimum_base=rules["minimum_base"],
            minimum_cell=rules["minimum_cell"],
        )

    def _in_dutch(self, data: pd.DataFrame) -> pd.DataFrame:
        """Names beside the codes of CoPs and waves, and directions in words; codes stay."""
        out = data.copy()
        last = list(self.study.waves)[-1]
        if "wave" in out:
            out["wave_name"] = [self.study.wave(w).name for w in out["wave"]]
        if "cop" in out:
            waves = out["wave"] if "wave" in out else [last] * len(out)
            pairs = zip(out["cop"], waves, strict=True)
            out["cop_name"] = [self.study.cop_label(cop, wave=wave) for cop, wave in pairs]
        if "direction" in out:
            words = self.study.settings["words"]
            out["direction_name"] = out["direction"].map(words)
        return out

    def _hidden_note(self, hidden: pd.DataFrame) -> list[str]:
        rules = self.study.settings["disclosure"]
        if not hidden.to_numpy().any():
            return []
        return [
            f"Niet getoond: basis kleiner dan {rules['minimum_base']}, of in een uitsplitsing "
            f"een aantal dat naar personen kan leiden (minder dan {rules['minimum_cell']})."
        ]

    def _number(self, kind: str, id: str) -> str:
        ids = self._numbered[kind]
        if id not in ids:
            ids.append(id)
        return f"{self.page.chapter}.{ids.index(id) + 1}"

    def _reference(self, mark: str, id: str) -> str:
        if mark not in KINDS:
            named = self._named(mark)
            if id not in named:
                raise CopanalysisError(f"no {mark} {id!r} in the instruments")
            return named[id]
        kind, word = KINDS[mark]
        if id not in self._numbered[kind]:
            raise CopanalysisError(f"no {kind} {id!r} in this chapter or its outline")
        return f'<a href="#{mark}-{id}">{word} {self._number(kind, id)}</a>'

    def _named(self, kind: str) -> dict[str, str]:
        if kind == "item":
            return {item.id: item.wording for item in self.study.items}
        if kind == "wave":
            return {wave.id: wave.name for wave in self.study.waves.values()}
        return {phase["id"]: phase["label"] for phase in self.study.settings["phases"]}

    def _resolve(self, text: str) -> tuple[str, list[Number]]:
        return resolve(
            text,
            find=self.__getitem__,
            reference=self._reference,
            words=self._words(),
            share_words=self.study.settings["words"]["shares"],
        )

    def _filled(self, text: str) -> str:
        """A title with its pointers filled in, without links."""
        filled, numbers = self._resolve(text)
        for number in numbers:
            filled = filled.replace(
                f'<a class="number" href="#tab-{number.table}">{number.shown}</a>', number.shown
            )
        self.numbers += numbers
        return filled[:1].upper() + filled[1:]

    def _words(self) -> dict[str, str]:
        """The parameters in words: a wave by its name, a CoP by how it was called then."""
        given = self.page.parameters
        wave = str(given.get("wave") or next(iter(self.study.waves)))
        words = {name: str(value) for name, value in given.items()}
        for name, value in given.items():
            if str(value) in self.study.waves and name in ("wave", "compare_with"):
                words[name] = self.study.wave(str(value)).name
        if "cop" in given:
            cop = str(given["cop"])
            words["cop"] = self.study.cop_label(cop, wave=wave) if cop else "alle CoP's"
        return words

    def _show_not_measured(self, kind: str, id: str, title: str, reason: NotMeasured) -> None:
        mark = "tab" if kind == "table" else "fig"
        word = KINDS[mark][1].capitalize()
        number = self._number(kind, id)
        head = f"{word} {number}. {title}".strip()
        content = f"{tag('b', head)} {reason}"
        self._show(f"{head} {reason}", tag("p", content, id=f"{mark}-{id}", class_="not-measured"))

    def _show(self, plain: str, html: str) -> None:
        self._display(plain, html, {})

    def _display(self, plain: str, html: str, more: Mapping[str, Any]) -> None:
        display({"text/html": html, "text/plain": plain, **more}, raw=True)


def open_chapter(
    notebook: str, *, parameters: Mapping[str, Value] | None = None, root: Path | None = None
) -> Chapter:
    """Open the chapter of a notebook: ``notebook`` is its file name without ".ipynb".

    ``parameters`` are those of the parameters cell by name. In a notebook it shows the banner
    of synthetic data and makes the cell magic %%prose, whose Markdown may hold pointers.
    """
    chapter = Chapter(notebook, dict(parameters or {}), load_study(root))
    shell = get_ipython()
    if shell is not None:
        shell.register_magic_function(
            lambda line, cell: chapter.prose(cell), magic_kind="cell", magic_name="prose"
        )
    note = "Fictieve gegevens: dit hoofdstuk is gemaakt met de synthetische tweeling."
    banner = tag("p", note, class_="synthetic") if chapter.data.synthetic else ""
    chapter._show(chapter.page.id, notebook_style() + banner)
    return chapter
