"""Agreement on stretches of text that coders marked themselves: Krippendorff's alpha for unitizing.

The coefficients of Krippendorff, Mathet, Bouvry and Widlöcher (2016), On the reliability of
unitizing textual continua, Quality & Quantity 50:2347-2364; also Krippendorff (2019), Content
Analysis (4th ed.), section 12.6. Each coder cuts the texts into units with a value (here a
code) and the gaps between them; agreement is the length over which coders coincide, and what
chance would give follows from the lengths of the units that they made.

* u_alpha: boundaries and codes together.
* u_alpha_binary: only whether text was marked at all (written |u alpha).
* cu_alpha: only the codes, where coders both marked text.
* ku_alpha: the same for one code.

The part of a unit that other coders marked too is averaged over those coders: of the readings
tried it is the one that gives the published value (see the tests); with two coders they are all
the same. Documents are laid end to end. A document that some coder was not given counts for
the coders who saw it, divided by their number less one, as alpha does for missing ratings; with
complete data that is the published formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from copanalysis.errors import Problem, refuse_if_any
from copanalysis.fieldwork.agreement_ratings import Bootstrap, Floats
from copanalysis.fieldwork.agreement_spans import (
    Coders,
    coded_spans,
    text_lengths,
    text_problems,
)
from copanalysis.fieldwork.unitizing_continuum import Continuum, continuum

Alpha = Callable[[Continuum], Floats]

LABELS = {
    "u_alpha": "Krippendorffs alfa voor eigen grenzen (grenzen en codes)",
    "u_alpha_binary": "Krippendorffs alfa voor eigen grenzen (wel of niet gemarkeerd)",
    "cu_alpha": "Krippendorffs alfa voor de codes waar codeurs allebei markeerden",
    "ku_alpha": "Krippendorffs alfa voor deze code waar codeurs allebei markeerden",
}
NOT_SHARED = "geen enkel document is aan twee codeurs gegeven"
NOTHING_MARKED = "geen van de codeurs markeerde tekst"
NO_VARIATION = "alle tekst kreeg hetzelfde oordeel"
NOT_TOGETHER = "nergens markeerden twee codeurs dezelfde tekst"
CODE_NOT_TOGETHER = "deze code staat nergens op tekst die een ander ook markeerde"
ONE_CODE = "waar codeurs allebei markeerden is maar één code gebruikt"


def unitizing_alpha(
    segments: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    coders: Coders,
    codes: Sequence[str],
    bootstrap: Bootstrap | None,
) -> pd.DataFrame:
    """The alphas for unitizing of a set of codes that exclude each other.

    Parameters
    ----------
    segments, coders, codes : see ``agreement_units.coding_units``
        Segments of one coder with different codes may not overlap; where they do, use
        ``unitizing_by_code``. Overlapping segments with the same code are one unit, segments
        that touch are two.
    documents : DataFrame
        document and text.
    bootstrap : Bootstrap or None
        How intervals are made, by drawing documents; None for no intervals.

    Returns
    -------
    DataFrame
        One row for u_alpha, u_alpha_binary and cu_alpha, then one for ku_alpha per code:
        measure, label (Dutch), code ("" for the first three), value, ci_low, ci_high,
        ci_resamples, coverage (share of the coded text that cu_alpha or ku_alpha rests on:
        of all text compared, or of the text with this code; missing for the others), reason
        (Dutch, "" when the value exists).

    Raises
    ------
    CopanalysisError
        As ``agreement_spans.coded_spans``; for a document without a text, segments beyond one,
        overlapping segments with different codes, and a bootstrap that draws units.
    """
    spans, lengths = _checked(segments, documents, coders=coders, codes=codes, bootstrap=bootstrap)
    refuse_if_any("These codes do not exclude each other", _overlap_problems(spans))
    found = continuum(spans, lengths, coders=coders, codes=codes)
    measures = [("u_alpha", ""), ("u_alpha_binary", ""), ("cu_alpha", "")]
    functions = [_u_alpha, _u_alpha_binary, _cu_alpha]
    measures += [("ku_alpha", code) for code in codes]
    functions += [_ku_alpha(number) for number in range(len(codes))]
    table = pd.DataFrame(measures, columns=["measure", "code"])
    results = pd.DataFrame([_result(function, found, bootstrap) for function in functions])
    table.insert(1, "label", table["measure"].map(LABELS))
    table = pd.concat([table, results], axis=1).assign(coverage=_coverage(found))
    reasons = [
        "" if pd.notna(row.value) else _reason(row.measure, row.coverage, found)
        for row in table.itertuples()
    ]
    return table.assign(reason=pd.Series(reasons, dtype="str"))


def unitizing_by_code(
    segments: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    coders: Coders,
    codes: Sequence[str],
    bootstrap: Bootstrap | None,
) -> pd.DataFrame:
    """u_alpha of each code on its own: text with the code against all other text.

    For codes that may overlap. Arguments and errors as ``unitizing_alpha``.

    Returns
    -------
    DataFrame
        One row per code: code, n_coder_1, n_coder_2, ... (stretches marked by each coder, in
        all documents), u_alpha, ci_low, ci_high, ci_resamples, reason (Dutch, "" when the
        value exists).
    """
    spans, lengths = _checked(segments, documents, coders=coders, codes=codes, bootstrap=bootstrap)
    rows = []
    for code in codes:
        mine = spans[spans["code"].eq(code)]
        found = continuum(mine, lengths, coders=coders, codes=[code])
        numbers = {f"n_coder_{i}": int(mine["coder"].eq(c).sum()) for i, c in enumerate(coders, 1)}
        result = _result(_u_alpha, found, bootstrap)
        missing = np.isnan(result["value"])
        reason = _reason("u_alpha", np.nan, found) if missing else ""
        rows.append({"code": code, **numbers, **result, "reason": reason})
    table = pd.DataFrame(rows).rename(columns={"value": "u_alpha"})
    return table.astype({"code": "str", "reason": "str"})


def _checked(
    segments: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    coders: Coders,
    codes: Sequence[str],
    bootstrap: Bootstrap | None,
) -> tuple[pd.DataFrame, pd.Series]:
    lengths = text_lengths(documents)
    spans = coded_spans(segments, coders=coders, codes=codes)
    problems = text_problems(spans, lengths, coders=coders)
    if bootstrap is not None and bootstrap.resample != "document":
        fix = "draw documents: own stretches have no units that could be drawn"
        problems.append(Problem("bootstrap, resample", bootstrap.resample, "document", fix))
    refuse_if_any("Alpha for unitizing cannot be calculated", problems)
    return spans, lengths


def _overlap_problems(spans: pd.DataFrame) -> list[Problem]:
    ordered = spans.sort_values(["coder", "document", "start"])
    before = ordered.groupby(["coder", "document"])[["end", "code"]].shift()
    wrong = (ordered["start"] < before["end"]).to_numpy()
    rows = zip(ordered[wrong].itertuples(), before.loc[wrong, "code"], strict=True)
    return [
        Problem(
            f"coder {row.coder}, document {row.document}, from {row.start}",
            f"{row.code} over {other}",
            "one code at a time",
            "use unitizing_by_code, or give only codes that exclude each other",
        )
        for row, other in rows
    ]


def _result(alpha: Alpha, found: Continuum, bootstrap: Bootstrap | None) -> dict[str, float | int]:
    documents = len(found.observed)
    value = alpha(found.total(np.ones((1, documents))))[0]
    low, high, draws = np.nan, np.nan, 0
    if bootstrap is not None and documents:
        each = np.eye(documents, dtype=np.int64)
        drawn = bootstrap.draws(each, np.ones(documents, dtype=np.int64))
        low, high, draws = bootstrap.interval(alpha(found.total(drawn)))
    return {"value": value, "ci_low": low, "ci_high": high, "ci_resamples": draws}


def _u_alpha(total: Continuum) -> Floats:
    return _nominal_alpha(total.observed, _expected(total.observed, total.own))


def _u_alpha_binary(total: Continuum) -> Floats:
    expected = _expected(total.observed, total.own)
    return _row_alpha(total.observed, expected, 0)


def _cu_alpha(total: Continuum) -> Floats:
    observed = total.observed[:, 1:, 1:]
    return _nominal_alpha(observed, _expected(observed, total.shared))


def _ku_alpha(number: int) -> Alpha:
    def alpha(total: Continuum) -> Floats:
        observed = total.observed[:, 1:, 1:]
        expected = _expected(observed, total.shared)
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = expected.sum(axis=2)[:, number] / observed.sum(axis=2)[:, number]
        return 1 - scale * (1 - _row_alpha(observed, expected, number))

    return alpha


def _expected(observed: Floats, own: Floats) -> Floats:
    """Coincidences that chance would give: of values by their length, no unit with itself."""
    margin = observed.sum(axis=2)
    total = margin.sum(axis=1)[:, None, None]
    alone = own[:, :, None] * np.eye(own.shape[1])
    pairs = margin[:, :, None] * margin[:, None, :] - alone
    with np.errstate(divide="ignore", invalid="ignore"):
        return total * pairs / (total**2 - own.sum(axis=1)[:, None, None])


def _nominal_alpha(observed: Floats, expected: Floats) -> Floats:
    difference = 1 - np.eye(observed.shape[1])
    return _one_minus((observed * difference).sum((1, 2)), (expected * difference).sum((1, 2)))


def _row_alpha(observed: Floats, expected: Floats, row: int) -> Floats:
    """One value against all others."""
    other = np.arange(observed.shape[1]) != row
    return _one_minus(observed[:, row, other].sum(axis=1), expected[:, row, other].sum(axis=1))


def _one_minus(found: Floats, chance: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(chance > 0, 1 - found / chance, np.nan)


def _coverage(found: Continuum) -> Floats:
    """Per row of ``unitizing_alpha``: how much text lies under marks of two coders."""
    observed = found.observed.sum(axis=0)
    together = observed[1:, 1:].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_code = together / observed[1:].sum(axis=1)
        of_all = together.sum() / observed.sum()
    return np.concatenate([[np.nan, np.nan, of_all], of_code])


def _reason(measure: str, coverage: float, found: Continuum) -> str:
    observed = found.observed.sum(axis=0)
    if not observed.sum():
        return NOT_SHARED
    if not observed[1:].sum():
        return NOTHING_MARKED
    if measure in ("u_alpha", "u_alpha_binary"):
        return NO_VARIATION
    if not observed[1:, 1:].sum():
        return NOT_TOGETHER
    if measure == "ku_alpha" and not coverage > 0:
        return CODE_NOT_TOGETHER
    return ONE_CODE
