# Two commands do everything on a fresh machine: `make report` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: report downloads test audit-rules lab check twin lock clean

report: .venv/ready  ## set up, run every notebook on the data in use, write reports/site
	$(BIN)/copanalysis report

downloads: .venv/ready  ## the report as one HTML file, Word, PDF and a workbook, in reports/downloads
	$(BIN)/copanalysis report --single --word --pdf --xlsx

test: .venv/ready audit-rules  ## style, then all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check src tests
	@# compiled once, for the many processes that tests start
	@$(BIN)/python -m compileall -q -j 0 -x '/tests?/' .venv/lib src || true
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

audit-rules:  ## the rules of the browser audit, where npm is there to install them
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory tests/browser/node_modules; fi

tests/browser/node_modules: tests/browser/package-lock.json
	npm ci --prefix tests/browser --no-audit --no-fund
	@touch $@

lab: .venv/ready  ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab notebooks

check: .venv/ready  ## are the instruments and raw exports sound?
	$(BIN)/copanalysis check

twin: .venv/ready  ## write the synthetic twin again
	$(BIN)/copanalysis twin

lock:  ## renew both lock files, the second of what sets up quickly (needs uv; names, versions and hashes only)
	uv pip compile --universal --python-version 3.11 --generate-hashes --extra test --extra build \
		--no-header --no-annotate --quiet pyproject.toml -o requirements.lock
	echo uv | uv pip compile --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --quiet - -o requirements-setup.lock

clean:  ## remove everything that can be made again
	rm -rf data/processed/* reports/*

.venv/ready: requirements.lock requirements-setup.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with PYTHON=..."; exit 1; }
	$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock && \
		$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
