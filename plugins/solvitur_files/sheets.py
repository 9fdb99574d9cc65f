"""Opens and writes workbooks (.xlsx): each sheet a table, formulas by the values last computed."""

from __future__ import annotations

import datetime
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solvitur.api import Column, Imported, InputError, Place, Table, column_values
from solvitur_files.cells import read_cell

_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}


class Workbook:
    """Reads and writes .xlsx workbooks."""

    name, title = "xlsx", "Workbook (XLSX)"
    suffixes: tuple[str, ...] = (".xlsx", ".xlsm")

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks by suffix."""
        return 1.0 if path.suffix.lower() in self.suffixes else 0.0

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads each sheet that is not empty as a table.

        Raises
        ------
        InputError
            With sheet and cell, if a cell holds an error or a formula that was never computed, or if this
            is no workbook.
        """
        sheets = _cells(path, formulas=False)
        if not sheets:
            raise InputError.at("the workbook has no cells that are filled", place=Place(str(path)))
        formulas: dict[str, list[list[Any]]] = {}
        if any(cell is None for rows in sheets.values() for row in rows for cell in row):
            formulas = _cells(path, formulas=True)
        tables = []
        for title, rows in sheets.items():
            name = path.stem if len(sheets) == 1 and title.lower() in ("sheet", "sheet1") else title
            tables.append(_table(name, title, rows, formulas.get(title, []), str(path)))
        return Imported(tables=tuple(tables))

    def accepts(self, thing: object) -> bool:
        """Accepts tables."""
        return isinstance(thing, Table)

    def write(self, thing: Any, path: Path) -> None:
        """Writes a table to a workbook of one sheet."""
        import openpyxl  # noqa: PLC0415  only loaded when a workbook is written

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(_sheet_title(thing.name))
        sheet.append(list(thing.header))
        cells = [[_plain(cell) for cell in column.values.tolist()] for column in thing.columns]
        for row in zip(*cells, strict=True):
            sheet.append(row)
        book.save(path)


def _cells(path: Path, *, formulas: bool) -> dict[str, list[list[Any]]]:
    """Returns the filled part of each sheet that has one, by title."""
    import openpyxl  # noqa: PLC0415  only loaded when a workbook is opened

    place = Place(str(path))
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styling that openpyxl does not keep, which is no concern here
        try:
            book = openpyxl.load_workbook(path, read_only=True, data_only=not formulas)
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = _trimmed([list(row) for row in sheet.iter_rows(values_only=True)])
                if rows:
                    found[str(sheet.title)] = rows
            book.close()
        except zipfile.BadZipFile:
            text = "this is no .xlsx workbook, or it is damaged or protected by a password; save it again as .xlsx"
            raise InputError.at(text, place=place) from None
        except (KeyError, ValueError, TypeError, SyntaxError, EOFError) as error:
            raise InputError.at(f"the workbook is damaged: {error}; save it again as .xlsx", place=place) from None
    return found


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    filled = [[None if isinstance(cell, str) and not cell.strip() else cell for cell in row] for row in rows]
    while filled and all(cell is None for cell in filled[-1]):
        filled.pop()
    width = max((k + 1 for row in filled for k, cell in enumerate(row) if cell is not None), default=0)
    return [(row + [None] * width)[:width] for row in filled] if width else []


def _table(name: str, sheet: str, rows: list[list[Any]], formulas: list[list[Any]], source: str) -> Table:
    _refuse_uncomputed(sheet, rows, formulas, source)
    first = next(k for k, row in enumerate(rows) if any(cell is not None for cell in row))
    header = ["" if cell is None else str(cell).strip() for cell in rows[first]]
    for position, title in enumerate(header):
        if title and title in header[:position]:
            text = f"sheet '{sheet}' has two columns named '{title}'; rename one"
            raise InputError.at(text, place=Place(source, first + 1, position + 1), element=title)
    body = [row for row in rows[first + 1 :] if any(cell is not None for cell in row)]
    cells = [[_value(row[k]) for row in body] for k in range(len(header))]
    return Table(name, tuple(Column(h, column_values(c)) for h, c in zip(header, cells, strict=True)), source)


def _refuse_uncomputed(sheet: str, rows: list[list[Any]], formulas: list[list[Any]], source: str) -> None:
    for line, row in enumerate(rows):
        for position, cell in enumerate(row):
            where = f"cell {_letters(position)}{line + 1} of sheet '{sheet}'"
            if isinstance(cell, str) and cell in _ERRORS:
                text = f"{where} holds the error {cell}; mend it in the workbook"
                raise InputError.at(text, place=Place(source, line + 1, position + 1))
            written = formulas[line][position] if line < len(formulas) and position < len(formulas[line]) else None
            if cell is None and isinstance(written, str) and written.startswith("="):
                text = f"{where} holds a formula that was never computed; open the workbook, let it compute, save it"
                raise InputError.at(text, place=Place(source, line + 1, position + 1))


def _letters(position: int) -> str:
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _value(cell: Any) -> Any:
    if isinstance(cell, bool):
        return int(cell)
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return read_cell(cell) if isinstance(cell, str) else cell


def _plain(cell: Any) -> Any:
    return None if isinstance(cell, float) and cell != cell else cell


def _sheet_title(name: str) -> str:
    kept = "".join("_" if letter in "[]:*?/\\" else letter for letter in name)[:31]
    return kept.strip("'") or "Sheet1"
