"""One Chromium for all tests of this folder; without it they say that they did not run."""

import pytest
from audit import AXE
from playwright.sync_api import sync_playwright

from copanalysis.report.pdf import find_browser

NO_BROWSER = "the browser audit did NOT run: Chromium is not on this machine"
NO_AXE = "the browser audit did NOT run: axe-core is missing (npm ci in tests/browser)"


@pytest.fixture(scope="session")
def chromium():
    path = find_browser()
    if path is None:
        pytest.skip(NO_BROWSER)
    return path


@pytest.fixture(scope="session")
def browser(chromium):
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def axe():
    if not AXE.is_file():
        pytest.skip(NO_AXE)
    return AXE.read_text("utf-8")
