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
# What depends on where things stand on the page.
LAID_OUT = ["target-size", "scrollable-region-focusable"]
LAYOUT_RULES = {"runOnly": {"type": "rule", "values": LAID_OUT}}
# What can be wrong with pages put together that is right on each of them.
JOINED = (
    *("aria-valid-attr-value", "bypass", "document-title", "duplicate-id-aria", "empty-heading"),
    *("heading-order", "html-has-lang", "landmark-no-duplicate-banner", "landmark-one-main"),
    *("landmark-no-duplicate-contentinfo", "landmark-no-duplicate-main", "landmark-unique"),
    *("page-has-heading-one", "region", "skip-link", "td-headers-attr"),
)
JOINED_RULES = {"runOnly": {"type": "rule", "values": JOINED}}
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
        """Audit one page: all of it at every width, its colours in the light and in the dark.

        What another width changes besides the layout, it changes by the style sheet: for these
        rules, and for colours, one of a kind is enough (see ALIKE). No rule of the style sheet
        gives another colour at another width.
        """
        self._load(path)
        self._axe("1280 px", OTHER_RULES)
        for width in WIDTHS[1:]:
            self._resize(width)
            self._axe(f"{width} px", LAYOUT_RULES)
        self._spaced()
        self.page.evaluate(ALIKE)
        for width in WIDTHS[1:]:
            self._resize(width)
            self._axe(f"{width} px", OTHER_RULES)
        self._resize(WIDTHS[0])
        self._axe("1280 px", COLOUR_RULES)
        self.page.emulate_media(color_scheme="dark")
        self._axe("1280 px, dark", COLOUR_RULES)

    def open_whole(self, path: Path) -> None:
        """Audit a page whose parts were audited as pages of their own: how they go together."""
        self._load(path)
        self._axe("1280 px", JOINED_RULES)
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
# Of siblings that have the same elements, classes and roles all the way down, which no style
# sheet can tell apart (inline styles are forbidden), three are kept: first, second and last.
ALIKE = """() => {
  const look = element => {
    const text = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const own = [element.tagName, element.className, element.getAttribute('role'), text].join('.');
    const kept = new Map();
    for (const child of [...element.children]) {
      const name = look(child);
      kept.set(name, [...(kept.get(name) ?? []), child]);
    }
    for (const alike of kept.values()) alike.slice(2, -1).forEach(child => child.remove());
    return `${own}(${[...kept.keys()].join(',')})`;
  };
  look(document.body);
}"""
STRUCTURE = (HERE / "structure.js").read_text("utf-8")
