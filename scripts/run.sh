#!/bin/sh
# Opens the window; without a display does the same job headless and says what it wrote.
set -eu
cd "$(dirname "$0")/.."
if [ "$(uname -s)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec .venv/bin/solvitur "$@"
fi
out=out
mkdir -p "$out"
echo "There is no display here, so Solvitur works without one: it solves the bundled example 'transport'."
.venv/bin/solvitur examples write transport "$out/transport"
.venv/bin/solvitur solve "$out/transport/transport.slv" --picture "$out/transport.png"
QT_QPA_PLATFORM=offscreen .venv/bin/python -m solvitur.gui.screenshots "$out/window" --only results
echo "Picture of the answer: $out/transport.png"
echo "Picture of the window: $out/window/results.png"
echo "With a display, 'make run' opens the window."
