"""A page as tagged PDF with an outline, printed by Chromium from the print style."""

from __future__ import annotations

import logging
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject

from copanalysis.errors import CopanalysisError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = "No PDF was made: it is printed by Chromium, which is not on this machine."
SECONDS = 300
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"),
    *("--disable-background-networking", "--generate-pdf-document-outline"),
)


def find_browser() -> str | None:
    """The Chromium of this machine; None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def write_pdf(page: str, out: Path, *, browser: str) -> Path:
    """Print a page (HTML that needs no other file) as PDF 1.7: tagged, with outline and title.

    Folds are printed open. Nothing in the file depends on when it was made: the same page,
    browser and fonts give the same bytes.

    Raises
    ------
    CopanalysisError
        When the browser prints nothing.
    """
    with tempfile.TemporaryDirectory(prefix="copanalysis-pdf-") as temporary:
        source, printed = Path(temporary) / "page.html", Path(temporary) / "page.pdf"
        source.write_text(_for_print(page), encoding="utf-8")
        profile, target = f"--user-data-dir={temporary}/profile", f"--print-to-pdf={printed}"
        _print([browser, *FLAGS, profile, target, source.as_uri()], printed)
        _write_steady(printed, out)
    return out


def _for_print(page: str) -> str:
    """Folds open, and figures as groups: without it the PDF holds an empty figure for each."""
    return page.replace("<details", "<details open").replace("<figure ", '<figure role="group" ')


def _print(command: Sequence[str], printed: Path) -> None:
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise CopanalysisError(f"Chromium printed no PDF in {SECONDS} seconds.") from error
    if not printed.is_file():
        said = (run.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise CopanalysisError(f"Chromium printed no PDF: {said}")


def _write_steady(printed: Path, out: Path) -> None:
    """The PDF raised to 1.7, without dates, and with its title in the bar of the window."""
    # Chromium's trailer counts the objects of the outline wrongly, which pypdf mends and tells.
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    writer = PdfWriter(clone_from=printed)
    title = writer.metadata.title if writer.metadata else ""
    writer.pdf_header = "%PDF-1.7"
    writer.metadata = {"/Title": TextStringObject(title or ""), "/Producer": "copanalysis"}
    shown = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    writer.root_object[NameObject("/ViewerPreferences")] = shown
    with out.open("wb") as file:
        writer.write(file)
