"""Changes to whole lines: comment, indent, move, duplicate."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QTextCursor, QTextDocument

_INDENT = "  "
_MARK = "# "


def edit_lines(cursor: QTextCursor, change: Callable[[list[str]], list[str]]) -> None:
    """Replaces the lines that the cursor's selection touches, keeping it over them."""
    first, last = selected_lines(cursor)
    document = cursor.document()
    before = [document.findBlockByNumber(n).text() for n in range(first, last + 1)]
    after = change(before)
    if after == before:
        return
    had_selection, column = cursor.hasSelection(), cursor.positionInBlock()
    for number, (old, new) in enumerate(zip(before, after, strict=True), first):
        if old != new:
            _replace_line(document, number, new)
    if had_selection:
        _select_lines(cursor, first, last)
    else:
        block = document.findBlockByNumber(first)
        grown = len(after[0]) - len(before[0])
        cursor.setPosition(block.position() + min(max(column + grown, 0), block.length() - 1))


def toggle_comment(lines: list[str]) -> list[str]:
    """Comments lines out, or in again when all of them that hold something are comments."""
    full = [line for line in lines if line.strip()]
    if full and all(line.lstrip().startswith("#") for line in full):
        return [_uncommented(line) for line in lines]
    depth = min((len(line) - len(line.lstrip()) for line in full), default=0)
    return [line[:depth] + _MARK + line[depth:] if line.strip() or not full else line for line in lines]


def indent(lines: list[str]) -> list[str]:
    """Moves lines one step right."""
    return [_INDENT + line if line else line for line in lines]


def dedent(lines: list[str]) -> list[str]:
    """Moves lines one step left."""
    return [line[min(len(_INDENT), len(line) - len(line.lstrip())) :] for line in lines]


def move_lines(cursor: QTextCursor, step: int) -> bool:
    """Moves the lines of the selection one line up (-1) or down (1); tells whether there was room."""
    document = cursor.document()
    first, last = selected_lines(cursor)
    other = first - 1 if step < 0 else last + 1
    if not 0 <= other < document.blockCount():
        return False
    shift_start, shift_end = cursor.anchor(), cursor.position()
    low, high = min(first, other), max(last, other)
    texts = [document.findBlockByNumber(n).text() for n in range(low, high + 1)]
    moved = [*texts[1:], texts[0]] if step < 0 else [texts[-1], *texts[:-1]]
    neighbour = len(texts[0] if step < 0 else texts[-1]) + 1
    _replace_range(document, low, high, moved)
    cursor.setPosition(shift_start + step * neighbour)
    cursor.setPosition(shift_end + step * neighbour, QTextCursor.MoveMode.KeepAnchor)
    return True


def duplicate_lines(cursor: QTextCursor) -> None:
    """Writes the lines of the selection once more below, and moves the cursor there."""
    document = cursor.document()
    first, last = selected_lines(cursor)
    texts = [document.findBlockByNumber(n).text() for n in range(first, last + 1)]
    anchor, position = cursor.anchor(), cursor.position()
    block = document.findBlockByNumber(last)
    at = QTextCursor(block)
    at.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    written = "\n" + "\n".join(texts)
    at.insertText(written)
    down = block.position() + len(block.text()) + 1 - document.findBlockByNumber(first).position()
    cursor.setPosition(anchor + down)
    cursor.setPosition(position + down, QTextCursor.MoveMode.KeepAnchor)


def selected_lines(cursor: QTextCursor) -> tuple[int, int]:
    """Returns the first and last line (counted from 0) that a selection touches."""
    document = cursor.document()
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    first, last = document.findBlock(start), document.findBlock(end)
    if end > start and end == last.position():
        last = last.previous()
    return first.blockNumber(), last.blockNumber()


def _uncommented(line: str) -> str:
    blank = line[: len(line) - len(line.lstrip())]
    rest = line[len(blank) :].removeprefix("#")
    return blank + rest.removeprefix(" ")


def _replace_line(document: QTextDocument, number: int, text: str) -> None:
    _replace_range(document, number, number, [text])


def _replace_range(document: QTextDocument, first: int, last: int, texts: list[str]) -> None:
    cursor = QTextCursor(document.findBlockByNumber(first))
    end = document.findBlockByNumber(last)
    cursor.setPosition(end.position() + end.length() - 1, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText("\n".join(texts))


def _select_lines(cursor: QTextCursor, first: int, last: int) -> None:
    document = cursor.document()
    end = document.findBlockByNumber(last)
    cursor.setPosition(document.findBlockByNumber(first).position())
    cursor.setPosition(end.position() + end.length() - 1, QTextCursor.MoveMode.KeepAnchor)
