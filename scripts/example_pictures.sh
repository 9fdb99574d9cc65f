#!/bin/sh
# Renews the picture of every bundled example from its solved answer.
set -eu
cd "$(dirname "$0")/.."
for folder in resources/solvitur_resources/examples/*/; do
    name=$(basename "$folder")
    .venv/bin/solvitur solve "$folder$name.slv" --picture "${folder}picture.png" > /dev/null
done
