"""The parts of the window: search, settings, shortcuts, welcome page, tour, inspector, reports."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from solvitur.gui.cards import ExampleCard
from solvitur.gui.crash import clean
from solvitur.gui.fuzzy import match
from solvitur.gui.garbage import Garbage
from solvitur.gui.inspecting import answer_facts, describe, position
from solvitur.gui.inspector import Inspector
from solvitur.gui.main_window import MainWindow
from solvitur.gui.numbers import THIN
from solvitur.gui.settings_window import SettingsWindow
from solvitur.gui.shortcuts_window import ShortcutsWindow
from solvitur.gui.welcome import Welcome
from solvitur.hooks.contracts import Solved
from solvitur.language.parsing import parse
from solvitur.problem.document import Formulation, Problem
from solvitur.problem.edits import set_formulation
from solvitur.problem.instance import Block, MatrixInstance, SparseRows
from solvitur.problem.result import Result, Status

TRANSPORT = """\
set Plants
set Markets
param cost[Plants, Markets] >= 0   unit "$/case"   "freight"
var ship[p in Plants, m in Markets] >= 0   unit "case"   "shipped from p to m"
minimize freight: sum(cost[p, m] * ship[p, m] for p in Plants for m in Markets)
subject to served[m in Markets]: sum(ship[p, m] for p in Plants) >= 1
"""

# Fuzzy search


def test_letters_at_word_starts_come_before_letters_inside_words() -> None:
    starts, inside = match("sa", "Save as…"), match("sa", "Usage")
    assert starts is not None and inside is not None
    assert starts.score > inside.score
    assert match("xyz", "Save as…") is None


def test_initials_find_a_title() -> None:
    found = match("rl", "Reset layout")
    assert found is not None
    assert found.positions == (0, 6)


@given(st.text(min_size=1, max_size=20), st.data())
def test_letters_of_a_title_in_order_always_match_it(title: str, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(title), max_size=len(title)))
    typed = "".join(letter for letter, keep in zip(title, kept, strict=True) if keep)
    found = match(typed, title)
    assert found is not None
    assert list(found.positions) == sorted(found.positions)
    assert all(0 <= at < len(title) for at in found.positions)


# Garbage


def test_cycles_that_hold_qt_objects_are_freed_on_the_windows_thread(qtbot: QtBot) -> None:
    freed: list[int] = []

    class Loop:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            freed.append(threading.get_ident())

    def allocate() -> None:
        Loop()
        keep = [[] for _ in range(200_000)]
        del keep

    garbage = Garbage()
    try:
        other = threading.Thread(target=allocate)
        other.start()
        other.join()
        assert freed == []
        gc.collect()
        assert freed == [threading.get_ident()]
    finally:
        garbage.close()
    assert gc.isenabled()


# Start


def test_the_start_imports_no_heavy_package() -> None:
    script = (
        "import sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from solvitur.gui.app import make_window\n"
        "window = make_window(QApplication([]))\n"
        "window.show()\n"
        "QApplication.processEvents()\n"
        "print(','.join(sorted({name.partition('.')[0] for name in sys.modules})))\n"
        "window.leave_now()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(done.stdout.strip().splitlines()[-1].split(","))
    heavy = {"pyqtgraph", "ortools", "openai", "pandas", "networkx", "highspy", "openpyxl", "ziamath", "scipy", "pip"}
    assert loaded & heavy == set()


def test_the_window_opens_the_file_it_is_started_with_and_ends_with_code_0(tmp_path: Path) -> None:
    model = tmp_path / "plan.slv"
    model.write_text("var x >= 0\nminimize cost: x\nsubject to most: x >= 2\n")
    script = (
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from solvitur.gui.app import run_window\n"
        "from solvitur.gui.main_window import MainWindow\n"
        "def look():\n"
        "    app = QApplication.instance()\n"
        "    window = app and next((w for w in app.topLevelWidgets() if isinstance(w, MainWindow)), None)\n"
        "    session = window and window.context.session\n"
        "    if session and session.instance() is not None:\n"
        "        cards = window.stage.built('welcome').examples.cards\n"
        "        print(session.problem.name, session.instance().columns, len(cards))\n"
        "        window.leave_now()\n"
        "    else:\n"
        "        QTimer.singleShot(50, look)\n"
        "original = MainWindow.start\n"
        "MainWindow.start = lambda self, path=None: (original(self, path), look())\n"
        f"sys.exit(run_window([{str(model)!r}]))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    name, columns, cards = done.stdout.split()
    assert (name, columns) == ("plan", "1")
    assert int(cards) >= 14


# Settings and shortcuts


def test_a_setting_takes_effect_at_once_and_is_kept(window: MainWindow, qtbot: QtBot) -> None:
    shown = window.windows.show_settings()
    assert isinstance(shown, SettingsWindow)
    assert not shown.isModal()
    theme = shown.findChild(QComboBox, "option.theme")
    assert isinstance(theme, QComboBox)
    theme.setCurrentIndex(theme.findData("dark"))
    assert window.context.theme.tokens.dark
    zoom = shown.findChild(QSpinBox, "option.zoom_percent")
    assert isinstance(zoom, QSpinBox)
    zoom.setValue(150)
    assert window.preferences.value.zoom_percent == 150
    assert '"zoom_percent": 150' in window.context.session.folders.settings_file.read_text()


def test_a_setting_out_of_range_says_what_was_expected_and_changes_nothing(window: MainWindow, qtbot: QtBot) -> None:
    shown = window.windows.show_settings()
    gap = shown.findChild(QLineEdit, "option.relative_gap")
    assert isinstance(gap, QLineEdit)
    before = window.preferences.value.relative_gap
    gap.selectAll()
    qtbot.keyClicks(gap, "7")
    form = next(form for form in shown.forms if form.isAncestorOf(gap))  # type: ignore[attr-defined]
    assert "at most 1" in form._faults["relative_gap"].text()
    assert window.preferences.value.relative_gap == before


def shortcuts(window: MainWindow, action: str) -> ShortcutsWindow:
    shown = window.windows.show_shortcuts()
    assert isinstance(shown, ShortcutsWindow)
    shown.search.setText(window.context.actions.action(action).title)
    rows = [shown.table.item(row, 0) for row in range(shown.table.rowCount())]
    shown.table.setCurrentItem(next(item for item in rows if item.data(int(Qt.ItemDataRole.UserRole)) == action))
    return shown


def test_a_conflict_of_keys_is_told_before_they_move(window: MainWindow) -> None:
    shown = shortcuts(window, "view.reset_layout")
    shown.keys.setKeySequence(QKeySequence("Ctrl+O"))
    assert "'Open…'" in shown.told.text()
    assert window.context.actions.shortcut("file.open") == "Ctrl+O"
    shown.set_keys()
    assert window.context.actions.qaction("view.reset_layout").shortcut() == QKeySequence("Ctrl+O")
    assert window.context.actions.qaction("file.open").shortcut().isEmpty()
    assert window.preferences.value.shortcuts["view.reset_layout"] == "Ctrl+O"


def test_original_keys_come_back(window: MainWindow) -> None:
    shown = shortcuts(window, "file.open")
    shown.keys.setKeySequence(QKeySequence("Ctrl+Alt+9"))
    shown.set_keys()
    assert window.context.actions.qaction("file.open").shortcut() == QKeySequence("Ctrl+Alt+9")
    shown.reset_keys()
    assert window.context.actions.qaction("file.open").shortcut() == QKeySequence("Ctrl+O")


# Welcome and tour


def test_an_example_opens_with_one_click(window: MainWindow, qtbot: QtBot) -> None:
    welcome = window.stage.built("welcome")
    assert isinstance(welcome, Welcome)
    card = next(card for card in welcome.examples.cards if card.objectName() == "example.transport")
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "minimize" in window.context.session.problem.formulation.text)


def test_examples_have_their_story_and_a_name_for_screen_readers(window: MainWindow) -> None:
    welcome = window.stage.built("welcome")
    assert isinstance(welcome, Welcome)
    assert len(welcome.examples.cards) >= 14
    for card in welcome.examples.cards:
        assert isinstance(card, ExampleCard)
        assert card.accessibleName() and card.toolTip()


def test_the_tour_walks_over_real_widgets_and_can_be_left(window: MainWindow, qtbot: QtBot) -> None:
    window.context.actions.trigger("help.tour")
    tour = window.windows.tour
    assert tour is not None
    qtbot.mouseClick(tour.next, Qt.MouseButton.LeftButton)
    assert tour.at == 1
    qtbot.keyClick(tour, Qt.Key.Key_Escape)
    assert window.windows.tour is None
    assert "tour" in window.preferences.value.dismissed


def test_the_tour_ends_after_its_last_step(window: MainWindow, qtbot: QtBot) -> None:
    window.windows.start_tour()
    tour = window.windows.tour
    assert tour is not None
    for _ in range(20):
        if window.windows.tour is not None:
            tour.next.click()
    assert window.windows.tour is None


# Inspector


def test_the_inspector_describes_what_is_selected(window: MainWindow, qtbot: QtBot) -> None:
    session = window.context.session
    session.new(Problem("transport", formulation=Formulation(text=TRANSPORT)))
    inspector = window.docks.fill("inspector")
    assert isinstance(inspector, Inspector)
    assert "Nothing is selected" in inspector.shown
    qtbot.wait(50)
    window.context.selection.select("ship")
    qtbot.waitUntil(lambda: "shipped from p to m" in inspector.shown)
    for words in ("variable", "case", "at least 0", "p in Plants, m in Markets"):
        assert words in inspector.shown
    session.apply(set_formulation("Change", Formulation(text=TRANSPORT.replace("shipped from", "trucked from"))))
    qtbot.waitUntil(lambda: "trucked from" in inspector.shown)


def test_a_name_that_the_model_lacks_is_shown_without_facts() -> None:
    assert describe(parse(TRANSPORT).model, "nothing") is None
    described = describe(parse(TRANSPORT).model, "freight")
    assert described is not None
    assert ("Sense", "as small as possible") in described.facts


def solved_pair() -> Solved:
    sets = (("a", "b"), (1, 2))
    instance = MatrixInstance(
        sense="min",
        cost=np.ones(4),
        offset=0.0,
        matrix=SparseRows.empty(1, 4),
        row_lower=np.array([1.0]),
        row_upper=np.array([np.inf]),
        column_lower=np.zeros(4),
        column_upper=np.full(4, 10.0),
        integrality=np.zeros(4, np.uint8),
        variables=(Block("x", 0, 4, sets),),
        constraints=(Block("limit", 0, 1),),
        objective_name="cost",
    )
    result = Result(Status.OPTIMAL, np.array([0.0, 1.5, 1000.0, 0.0]), 1001.5, 1001.5, row_duals=np.array([2.0]))
    return Solved(Problem(), instance, result)


def test_values_of_one_element_and_of_all() -> None:
    solved = solved_pair()
    assert dict(answer_facts(solved, "x", ("b", "1")))["Value"] == f"1{THIN}000"
    together = dict(answer_facts(solved, "x", ()))
    assert together["Sum"] == f"1{THIN}001.5"
    assert together["Not zero"].startswith("2 ")
    assert dict(answer_facts(solved, "limit", ()))["Dual value"] == "2"
    assert answer_facts(solved, "x", ("c", "1")) == (("Value", "not in the answer"),)
    assert answer_facts(solved, "unknown", ()) == ()


@pytest.mark.parametrize("sparse", [False, True])
def test_the_position_of_an_index_is_found_in_full_and_sparse_blocks(sparse: bool) -> None:
    sets = (("a", "b"), (1, 2, 3))
    codes = (np.array([0, 1, 1]), np.array([2, 0, 1])) if sparse else None
    block = Block("x", 0, 3 if sparse else 6, sets, codes=codes)
    for offset, label in enumerate(block.labels()):
        assert position(block, tuple(map(str, label))) == offset
    assert position(block, ("a", "9")) is None
    assert position(block, ("a",)) is None


# Reports


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj1234567890abcdef",
        "api_key=verysecret99",
        "Bearer abcd1234efgh",
        "password: hunter22",
        "https://user:pass@example.org/x",
        "A" * 48,
    ],
)
def test_reports_hold_no_secrets(secret: str) -> None:
    cleaned = clean(f"Traceback\nValueError: {secret} in /home/someone/x", home=lambda: Path("/home/someone"))
    for part in (
        "1234567890abcdef",
        "verysecret99",
        "abcd1234efgh",
        "hunter22",
        "user:pass",
        "A" * 48,
        "/home/someone",
    ):
        assert part not in cleaned
    assert "ValueError" in cleaned
