"""What prose can refer to by name: numbered outputs, parameters, items, waves and phases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from copanalysis.errors import CopanalysisError
from copanalysis.report.columns import KNOWN
from copanalysis.report.pages import Page, Value
from copanalysis.study.plan import Study

VARIED = {"breakdown": "uitgesplitst naar {}", "compare_with": "vergeleken met {}"}
OUTPUTS = {"tab": ("table", "tabel"), "fig": ("figure", "figuur")}


class References:
    """Numbers for the tables and figures of a page, and names for what it speaks of.

    Outputs that outline.csv promises are numbered in its order, before they are registered, so
    that text can point forward; others get the next number when they come.
    """

    def __init__(self, study: Study, page: Page) -> None:
        self.study, self.page = study, page
        outline = study.table("outline.csv")
        outline = outline[outline["notebook"].eq(page.notebook)]
        self.promised = {
            kind: list(outline.loc[outline["kind"].eq(kind), "output"])
            for kind in ("table", "figure")
        }
        self._order = {kind: list(ids) for kind, ids in self.promised.items()}

    def number(self, kind: str, id: str) -> str:
        """The number of a table or figure ("4.3"), given out when it is first asked for."""
        ids = self._order[kind]
        if id not in ids:
            ids.append(id)
        return f"{self.page.chapter}.{ids.index(id) + 1}"

    def link(self, mark: str, id: str) -> str:
        """A cross-reference ({tab:id}, {fig:id}) or a name ({item:id}, {wave:id}, {phase:id})."""
        if mark not in OUTPUTS:
            named = self._named(mark)
            if id not in named:
                raise CopanalysisError(f"no {mark} {id!r} in the instruments")
            return named[id]
        kind, word = OUTPUTS[mark]
        if id not in self._order[kind]:
            raise CopanalysisError(f"no {kind} {id!r} in this chapter or its outline")
        return f'<a href="#{mark}-{id}">{word} {self.number(kind, id)}</a>'

    def words(self) -> dict[str, str]:
        """The parameters in words: a wave by its name, a CoP by how it was called then, a column
        by its header."""
        given = self.page.parameters
        words = {name: str(value) for name, value in given.items()}
        for name in {"wave", "compare_with"} & set(given):
            words[name] = self.study.wave(str(given[name])).name
        if given.get("breakdown"):
            column = str(given["breakdown"])
            words["breakdown"] = KNOWN.get(f"{column}_name", (column,))[0]
        if "cop" in given:
            wave = str(given.get("wave") or next(iter(self.study.waves)))
            cop = str(given["cop"])
            words["cop"] = self.study.cop_label(cop, wave=wave) if cop else "alle CoP's"
        return words

    def _named(self, kind: str) -> dict[str, str]:
        if kind == "item":
            return {item.id: item.wording for item in self.study.items}
        if kind == "wave":
            return {wave.id: wave.name for wave in self.study.waves.values()}
        return {phase["id"]: phase["label"] for phase in self.study.settings["phases"]}


def variant_title(page: Page, parameters: Mapping[str, Value], *, study: Study) -> str:
    """The title of a page made with other parameters, and in words what differs."""
    words = References(study, replace(page, parameters=parameters)).words()
    differs = [name for name, value in parameters.items() if page.parameters[name] != value]
    told = ", ".join(VARIED.get(name, "{}").format(words[name]) for name in differs)
    return f"{page.title} ({told})"
