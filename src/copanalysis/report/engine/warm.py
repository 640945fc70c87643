"""Importing once, in the process that is forked, what the notebooks will use."""

from __future__ import annotations

import contextlib
import gc
import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import copanalysis
from copanalysis.study.fingerprint import code_hash

USED = re.compile(r"\bca\.(\w+)")
# What notebooks import of these is imported ahead; of other packages it is not known whether they
# start threads, which would keep this process from being forked.
KNOWN = re.compile(
    r"\b(?:import|from) +((?:numpy|pandas|scipy|statsmodels|matplotlib|seaborn)(?:\.\w+)*)"
)


def warm_up(notebooks: Iterable[Path], *, names: Iterable[str] = ()) -> None:
    """Have the libraries of these notebooks in memory before the forks: papermill, pandas, what
    they import of a few others, and the modules behind the names of copanalysis that they use
    (and behind other ``names``).

    It leaves nothing behind that a notebook can see, but that importing is quick.
    """
    with _without_iri_grammar():
        nbformat = import_module("nbformat")
    nbformat.validate(nbformat.v4.new_notebook())  # makes the validator
    kernel = import_module("copanalysis.report.engine.child").warm_kernel()
    kernel.appear()
    import_module("copanalysis.report.engine.execution")
    import_module("copanalysis.report.engine.client")
    texts = [path.read_text("utf-8") for path in set(notebooks)]
    used = {*names, *(name for text in texts for name in USED.findall(text))}
    known = {name for text in texts for name in KNOWN.findall(text)}
    with kernel.shell.builtin_trap:  # pandas looks for a kernel once, when it is imported
        for name in ("pandas", *sorted(known)):
            with contextlib.suppress(ImportError):  # the notebook itself will say so
                import_module(name)
        for name in sorted(used & set(copanalysis.__all__)):
            getattr(copanalysis, name)
    if "open_chapter" in used:
        import_module("copanalysis.report.chapter").get_ready()
    code_hash()  # which every run is asked for
    kernel.withdraw()
    gc.collect()
    gc.freeze()


@contextlib.contextmanager
def _without_iri_grammar() -> Iterator[None]:
    """jsonschema, which nbformat imports, builds a grammar of addresses on import: more work
    than all the rest, and not used. A notebook that imports jsonschema gets it whole."""
    if "jsonschema" in sys.modules or "rfc3987_syntax" in sys.modules:
        yield
        return
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["rfc3987_syntax"]
        for name in [name for name in sys.modules if name.partition(".")[0] == "jsonschema"]:
            del sys.modules[name]
