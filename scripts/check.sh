#!/bin/sh
# Everything that must be green: formatting, lint, types, the walls between the rooms, and the tests.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
$bin/ruff format --check -q app plugins resources tests benchmarks scripts
$bin/ruff check -q app plugins resources tests benchmarks scripts
$bin/mypy
$bin/lint-imports
QT_QPA_PLATFORM=offscreen $bin/python -m pytest -n "${WORKERS:-auto}" "$@"
