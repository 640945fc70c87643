"""What a browser finds on a page: accessibility, requests, ids, widths, figures and tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 390, 320)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
OPTIONS = {"resultTypes": ["violations"], "iframes": False, "preload": False}
ALL_RULES = {"runOnly": {"type": "tag", "values": TAGS}}
COLOUR_RULES = {"runOnly": {"type": "rule", "values": COLOURS}}
OTHER_RULES = {**ALL_RULES, "rules": {rule: {"enabled": False} for rule in COLOURS}}
CHECKS = (
    *("axe", "requests", "console", "ids", "focus", "sideways", "spacing", "headings", "page"),
    *("figures", "tables"),
)
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
    " word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"
)


class Audit:
    """Opens pages one after the other and keeps what is wrong, by check."""

    def __init__(self, page, axe: str) -> None:
        self.page, self.axe = page, axe
        self.found: dict[str, list[str]] = {check: [] for check in CHECKS}
        self.current = ""
        page.on("request", self._requested)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._note("console", str(error)))

    def open(self, path: Path) -> None:
        """Audit one page at every width; colours once in the light and once in the dark, because
        no rule of the style sheet gives another colour at another width."""
        self._load(path)
        self._axe("1280 px", ALL_RULES)
        for width in WIDTHS[1:]:
            self._resize(width)
            self._axe(f"{width} px", OTHER_RULES)
        self._spaced()
        self._resize(WIDTHS[0])
        self.page.emulate_media(color_scheme="dark")
        self._axe("1280 px, dark", COLOUR_RULES)

    def open_whole(self, path: Path) -> None:
        """Audit a page whose parts were audited as pages of their own: at one width, no colours."""
        self._load(path)
        self._axe("1280 px", OTHER_RULES)
        for width in WIDTHS[1:]:
            self._resize(width)
        self._spaced()

    def _load(self, path: Path) -> None:
        self.current = path.name
        self.page.emulate_media(color_scheme="light")
        self.page.goto(path.as_uri())
        self.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        self.page.evaluate(self.axe)
        for check, notes in self.page.evaluate(STRUCTURE).items():
            self._note(check, *notes)
        self._resize(WIDTHS[0])

    def _resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})
        self._sideways("sideways", f"{width} px")

    def _spaced(self) -> None:
        """The spacing that WCAG 1.4.12 lets a reader set, at the narrowest width."""
        self.page.evaluate(SPACED, SPACING)
        self._sideways("spacing", f"{WIDTHS[-1]} px")
        self.page.evaluate("document.adoptedStyleSheets = []")

    def _axe(self, at: str, rules: dict) -> None:
        options = json.dumps({**OPTIONS, **rules})
        for rule in self.page.evaluate(f"axe.run(document, {options}).then(r => r.violations)"):
            nodes = "; ".join(node["html"][:120] for node in rule["nodes"][:3])
            self._note("axe", f"{at}: {rule['id']} ({len(rule['nodes'])}): {nodes}")

    def _sideways(self, check: str, at: str) -> None:
        over = self.page.evaluate(OVERFLOW)
        if over:
            self._note(check, f"{at}: {over}")

    def _requested(self, request) -> None:
        if not request.is_navigation_request() and not request.url.startswith("data:"):
            self._note("requests", request.url)

    def _said(self, message) -> None:
        if message.type in ("error", "warning"):
            self._note("console", message.text)

    def _note(self, check: str, *notes: str) -> None:
        self.found[check] += [f"{self.current}: {note}" for note in notes]


def audited(pages: Sequence[Path], whole: Path, *, chromium: str, axe: str) -> dict[str, list[str]]:
    """What is found on all pages, by two browsers that take them from one queue."""
    waiting: SimpleQueue[Path | None] = SimpleQueue()
    for path in (whole, *pages, None, None):
        waiting.put(path)

    def found(_: int) -> dict[str, list[str]]:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            audit = Audit(browser.new_page(), axe)
            for path in iter(waiting.get, None):
                (audit.open_whole if path == whole else audit.open)(path)
            browser.close()
        return audit.found

    with ThreadPoolExecutor(2) as pool:
        halves = list(pool.map(found, range(2)))
    return {check: sorted(note for half in halves for note in half[check]) for check in CHECKS}


SPACED = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
OVERFLOW = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return '';
  const wide = [...document.querySelectorAll('body *')].filter(e =>
    e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest('.cop-scroll'));
  const widest = wide.slice(-2).map(e => e.outerHTML.slice(0, 100)).join('; ');
  return `${root.scrollWidth} px wide: ${widest}`;
}"""
STRUCTURE = (HERE / "structure.js").read_text("utf-8")
