# Needs python3 (3.11 or newer) with its venv module, and make; everything else is fetched.
#
#   make run FILES="a.png b.png"              the first is shown, the others are queued
#   make run FILES='"my scan.png" b.png'      a name with a space stands in quotes of its own
#   make run PYTHON=python3.12                with another Python

PYTHON ?= python3
FILES ?= resources/sample/page.png
BIN := .venv/bin
WINDOW_PICTURE := build/ocr-desktop-window.png

.PHONY: run test format clean help system-packages-run system-packages-test environment-run environment-test

run: environment-run ## opens the window on FILES (default: the sample page)
	@if $(BIN)/python -m ocr_desktop.gui.display; then \
		$(BIN)/ocr-desktop $(FILES); \
	else \
		echo "There is no display: the window is drawn to $(WINDOW_PICTURE), the Markdown follows." >&2; \
		mkdir -p $(dir $(WINDOW_PICTURE)); \
		$(BIN)/ocr-desktop --snapshot $(WINDOW_PICTURE) $(FILES); \
	fi

test: environment-test ## checks format, lint, types and import contracts, then runs all tests, without a display
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

format: environment-test ## formats the code and repairs what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## takes away everything that make made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## shows this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile

environment-run: system-packages-run
	@$(PYTHON) packaging/environment.py run

environment-test: system-packages-test
	@$(PYTHON) packaging/environment.py test

system-packages-run:
	@$(PYTHON) packaging/system_packages.py run

system-packages-test:
	@$(PYTHON) packaging/system_packages.py test
