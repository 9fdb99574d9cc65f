"""Tables as meaning: rows or columns that stand for entities give numbers told of them, others give limits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from solvitur_words.comparing import GE, LE
from solvitur_words.describing import role_of
from solvitur_words.entities import Entity, Group, line_of, mentions
from solvitur_words.lexicon import CONTAINERS, UNITS, lemma_of, list_of, stem_of
from solvitur_words.meaning import Described, Fact, Limit, Reading, Relation
from solvitur_words.tables import Cell, Grid
from solvitur_words.tokens import Numerals, Token, tokens_of

_STOCK = frozenset(list_of("available availability capacity limit maximum max supply stock total upper budget have"))
_NEED = frozenset(list_of("requirement required require minimum min demand need lower least"))
_MOST = frozenset(list_of("maximum max upper limit capacity availability available most"))
_LEAST = frozenset(list_of("minimum min lower least"))


def lists_of(grids: Sequence[Grid]) -> list[list[tuple[str, int, int]]]:
    """Lists the labels of each table's first column and of its header: what may be decided about."""
    found = []
    for grid in grids:
        for cells in ([row[0] for row in grid.rows], list(grid.header[1:])):
            named = [(cell.text, cell.start, cell.end) for cell in cells if cell.text and not _is_total(cell)]
            if len(named) >= 2:
                found.append(named)
    return found


def read_grid(grid: Grid, group: Group, reading: Reading, number: int) -> bool:
    """Adds what a table tells; False if its labels name no entities."""
    rows = {at: entity for at, row in enumerate(grid.rows) if (entity := entity_of(row[0].text, group))}
    columns = {at: entity for at, cell in enumerate(grid.header) if at and (entity := entity_of(cell.text, group))}
    if len(rows) >= 2 and len(rows) >= len(columns) and len(set(map(id, rows.values()))) == len(rows):
        for column in range(1, len(grid.header)):
            cells = [(row[0], row[column], rows.get(at)) for at, row in enumerate(grid.rows)]
            _read_series(grid.header[column], cells, reading, -1000 - 40 * number - column, grid.title)
        return True
    if len(columns) >= 2 and len(set(map(id, columns.values()))) == len(columns):
        for at, row in enumerate(grid.rows):
            cells = [(grid.header[column], row[column], columns.get(column)) for column in range(1, len(row))]
            _read_series(row[0], cells, reading, -1000 - 40 * number - at, grid.title)
        return True
    return False


def entity_of(label: str, group: Group) -> Entity | None:
    """Finds the entity that a label names."""
    tokens = Numerals(tokens_of(label)).read() if label else []
    if not tokens:
        return None
    low = label.strip().lower()
    for entity in group.entities:
        if entity.name == low or entity.name == " ".join(lemma_of(word) for word in low.split()):
            return entity
    line = line_of(tokens)
    found = {mention.entity.name: mention.entity for mention in mentions(line, group)}
    if len(found) == 1:
        return next(iter(found.values()))
    words = {lemma_of(word) for word in low.replace("(", " ").replace(")", " ").split()}
    hits = [entity for entity in group.entities if words & entity.keys]
    return hits[0] if len(hits) == 1 and not found else None


def _read_series(
    label: Cell, cells: Sequence[tuple[Cell, Cell, Entity | None]], reading: Reading, series: int, title: str
) -> None:
    words = [lemma_of(token.low) for token in tokens_of(label.text) if token.kind == "word"]
    told = [(cell, entity) for _, cell, entity in cells if entity is not None]
    if not told or not any(cell.value is not None for cell, _ in told):
        return
    way = GE if set(words) & _LEAST else (LE if set(words) & _MOST else "")
    money = any("$" in cell.text for cell, _ in told) or "$" in label.text
    if way and not money:
        for cell, owner in told:
            if cell.value is not None:
                reading.relations.append(
                    Relation({owner.name: 1.0}, way, cell.value, False, cell.start, cell.end, (cell.start,))
                )
        return
    for cell, _ in told:
        if re.search(r"[a-zA-Z)\d]\s*[+*^/(]|\(", cell.text) and cell.value is not None:
            reading.open_phrases.append((cell.start, cell.end))
    described = {id(cell): _described(cell, words, money, title) for cell, _ in told}
    for cell, owner in told:
        if cell.value is not None:
            reading.facts.append(Fact(owner.name, described[id(cell)], 0, series))
    for head, cell, entity in cells:
        if entity is not None or cell.value is None:
            continue
        heads = {lemma_of(token.low) for token in tokens_of(head.text) if token.kind == "word"}
        bound = LE if heads & _STOCK else (GE if heads & _NEED else "")
        number = _described(cell, words, "$" in cell.text, title)
        if bound:
            reading.limits.append(Limit(bound, number, False, False, cell.start, cell.end))
        else:
            reading.open_phrases.append((cell.start, cell.end))


def _described(cell: Cell, words: Sequence[str], money: bool, title: str) -> Described:
    rest = [lemma_of(token.low) for token in tokens_of(cell.text) if token.kind == "word"]
    units = [word for word in [*rest, *words] if word in UNITS or word in CONTAINERS]
    percent = "%" in cell.text
    token = Token(cell.text, "#", "#", cell.start, cell.end, "num", cell.value or 0.0,
                  "money" if money else ("percent" if percent else "plain"))  # fmt: skip
    after = tuple(stem_of(word) for word in words if word not in UNITS)
    return Described(
        token,
        after,
        (),
        "" if money else (units[0] if units else ""),
        role_of(list(after), []),
        "",
        tuple(word for word in words if word.isalpha()),
    )


def _is_total(cell: Cell) -> bool:
    words = {lemma_of(token.low) for token in tokens_of(cell.text) if token.kind == "word"}
    return bool(words & (_STOCK | _NEED))
