"""The site in a browser on this machine, new by itself when it was written again."""

from __future__ import annotations

import re
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from copanalysis.errors import CopanalysisError

CHANGED = "/_changed"
PATIENCE = 25.0  # seconds that a question whether something changed is held
POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
SCRIPT = b"""<script>(async () => {
  let known = "";
  for (;;) {
    try {
      const told = await (await fetch("/_changed?since=" + known)).text();
      if (known && told !== known) location.reload();
      known = told;
    } catch { await new Promise(done => setTimeout(done, 500)); }
  }
})()</script>"""


def preview_server(site: Path, *, port: int) -> ThreadingHTTPServer:
    """A server of the folder ``site`` for this machine alone; ``serve_forever`` runs it.

    Its pages are those of the site, with a script that loads them again when the site was
    written anew: the files themselves hold no script and allow none. Raises CopanalysisError for
    a port that cannot be had.
    """
    handler = partial(_Handler, directory=str(site))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except (OSError, OverflowError) as error:
        raise CopanalysisError(
            f"The report cannot be shown at port {port}: {error}. Name another with --port."
        ) from error
    server.daemon_threads = True
    return server


class _Handler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == CHANGED:
            since = parse_qs(address.query).get("since", [""])[0]
            self._answer(self._changed(since).encode(), "text/plain")
            return
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix == ".html" and _waited_for(path):
            text = POLICY.sub(b"", path.read_bytes())
            self._answer(text.replace(b"</body>", SCRIPT + b"</body>"), "text/html; charset=utf-8")
        else:
            super().do_GET()

    def log_message(self, *_: object) -> None:
        """Nothing: the terminal tells of the runs."""

    def _changed(self, since: str) -> str:
        """When the site was written, as soon as that is not ``since``."""
        until = time.monotonic() + PATIENCE
        index = Path(self.directory) / "index.html"
        while True:
            stamp = str(index.stat().st_mtime_ns) if _waited_for(index) else since
            if stamp != since or time.monotonic() > until:
                return stamp
            time.sleep(0.1)

    def _answer(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)


def _waited_for(path: Path) -> bool:
    """Whether a file is there: while the site is put in its place it is not, for a moment."""
    for _ in range(20):
        if path.is_file():
            return True
        time.sleep(0.05)
    return False
