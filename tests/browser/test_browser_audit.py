"""Every page of the site in a browser, with folds open, at three widths, light and dark."""

import pytest
from audit import CHECKS, Audit, audited


@pytest.fixture(scope="module")
def found(chromium, axe, built):
    pages = sorted((built / "reports/site").glob("*.html"), key=lambda p: -p.stat().st_size)
    assert len(pages) > 7
    whole = built / "reports/downloads/rapport.html"
    return audited(pages, whole, chromium=chromium, axe=axe)


@pytest.mark.parametrize("check", CHECKS)
def test_nothing_is_wrong_on_any_page(found, check):
    assert found[check] == []


def test_the_audit_finds_what_is_wrong(browser, axe, tmp_path):
    bad = tmp_path / "bad.html"
    bad.write_text(BAD, encoding="utf-8")
    audit = Audit(browser.new_page(), axe)
    audit.open(bad)
    assert [check for check in CHECKS if not audit.found[check]] == []
    told = " ".join(audit.found["axe"])
    for rule in ("image-alt", "html-has-lang", "color-contrast", "dark"):
        assert rule in told


BAD = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>x</title>
<link rel="stylesheet" href="https://example.invalid/x.css"></head><body><h2>Eerst</h2>
<p id="a" style="color:#bbb;background:#fff">Grijs</p><p id="a" tabindex="0">Twee</p>
<div style="width:2000px">breed</div><img src="data:,">
<figure id="f"><figcaption>Plaatje</figcaption></figure>
<table id="t"><tr><th>Kop</th></tr><tr><td class="cop-n">0.5%</td></tr></table></body></html>"""
