"""Makes the report of a project for the tests: `build_report.py ROOT` with some variants and in
all forms, `build_report.py ROOT stock` of every notebook one page with the stock engine."""

import sys
from pathlib import Path

from copanalysis.report.engine.warm import warm_up
from copanalysis.report.planning import page_runs, planned_pages, preparation_runs, together
from copanalysis.report.protecting import runs_again
from copanalysis.report.runner import FORK, STOCK, run_all
from copanalysis.study.plan import load_study


def build(root: Path) -> None:
    study = load_study(root)
    pages = list(planned_pages(study, only=[], values={}))
    for values in ({"cop": "zeeland"}, {"breakdown": "cop"}):
        pages += planned_pages(study, only=["chapter_4_outcomes"], values=values)
    pages += planned_pages(
        study, only=["appendix_1_survey_tables_wave_3"], values={"breakdown": "cop"}
    )
    run(study, pages, engine=FORK)
    run_all(runs_again(study), root=root, jobs=2, report=told)
    from copanalysis.report.site import publish  # it imports pandas

    publish(study, fresh=False, kinds=("html", "docx", "xlsx", "pdf"))


def build_with_stock(root: Path) -> None:
    study = load_study(root)
    pages = planned_pages(study, only=[], values={})
    run(study, {page.notebook: page for page in reversed(pages)}.values(), engine=STOCK)


def run(study, pages, *, engine: str) -> None:
    for runs in (*together(preparation_runs(study, raw="")), page_runs(study, list(pages))):
        run_all(runs, root=study.root, jobs=2, report=told, engine=engine)


def told(*_) -> None:
    """A run that fails raises at the end."""


if __name__ == "__main__":
    warm_up([])  # before pandas, which looks for a kernel
    (build_with_stock if "stock" in sys.argv else build)(Path(sys.argv[1]))
