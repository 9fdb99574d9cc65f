"""Blocks of cells as the text that spreadsheets exchange: tabs between cells, line breaks between rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence


def parse_block(text: str) -> list[list[str]]:
    """Reads a pasted block; cells with tabs or line breaks inside come quoted. Short rows are filled up."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.removesuffix("\n")
    if "\t" not in text and '"' not in text:
        rows = [[line] for line in text.split("\n")]
    else:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def write_block(rows: Sequence[Sequence[str]]) -> str:
    """Writes a block as `parse_block` and spreadsheets read it."""
    stream = io.StringIO()
    csv.writer(stream, delimiter="\t", lineterminator="\n").writerows(rows)
    return stream.getvalue().removesuffix("\n")
