"""The offline help: pages for every place, valid links, search, and F1 for the focused thing."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from solvitur.gui.help import page_for, pages
from solvitur.gui.main_window import MainWindow
from solvitur.gui.places import DOCKS, PLACES
from solvitur.gui.stage import WELCOME


def test_every_place_and_dock_of_the_window_has_its_page() -> None:
    names = {page.name for page in pages()}
    wanted = {part.help for part in (*PLACES, *DOCKS) if part.present}
    assert wanted | {"welcome", "settings", "keyboard", "language", "glossary"} <= names


def test_links_lead_to_pages_that_exist() -> None:
    names = {page.name for page in pages()}
    for page in pages():
        for target in re.findall(r"\]\(([^)]+)\)", page.text):
            assert target.removesuffix(".md") in names, (page.name, target)


def test_every_page_can_be_reached_from_the_first_one() -> None:
    links = {page.name: set(re.findall(r"\]\(([\w-]+)\.md\)", page.text)) for page in pages()}
    listed = {page.name for page in pages()}
    assert set(links) == listed
    assert all(page.title and not page.title.endswith(".md") for page in pages())


def test_the_glossary_explains_the_terms_of_the_field() -> None:
    glossary = next(page.text for page in pages() if page.name == "glossary")
    for term in ("Incumbent", "Bound", "Gap", "Dual value", "Reduced cost", "Infeasible", "Unbounded", "Slack"):
        assert f"**{term}**" in glossary


def test_the_page_of_a_widget_is_that_of_its_nearest_ancestor(qtbot: QtBot) -> None:
    outer, inner, label = QWidget(), QWidget(), QLabel("x")
    qtbot.addWidget(outer)
    QVBoxLayout(outer).addWidget(inner)
    QVBoxLayout(inner).addWidget(label)
    outer.setProperty("helpPage", "solve")
    assert page_for(label) == "solve"
    inner.setProperty("helpPage", "data")
    assert page_for(label) == "data"
    assert page_for(None) == "welcome"


def test_f1_opens_the_page_for_what_has_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    window.stage.turn_to(WELCOME).setFocus()
    shown = window.windows.show_help()
    assert shown.page == "welcome"
    assert shown.text.toPlainText().startswith("Welcome")


def test_search_finds_pages_by_words_and_marks_the_first_hit(window: MainWindow, qtbot: QtBot) -> None:
    shown = window.windows.show_help("welcome")
    qtbot.keyClicks(shown.search, "shadow price")
    assert shown.page == "glossary"
    assert shown.text.textCursor().selectedText().casefold() == "shadow price"
    shown.search.clear()
    assert shown.list.count() == len(pages())


def test_a_link_opens_its_page(window: MainWindow) -> None:
    shown = window.windows.show_help("welcome")
    from_here = re.search(r'href="([^"]+)"', shown.text.toHtml())
    assert from_here is not None
    shown.text.anchorClicked.emit(from_here[1])
    assert shown.page == from_here[1].removesuffix(".md")


def test_pages_are_chosen_from_the_list_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    shown = window.windows.show_help("welcome")
    qtbot.keyClick(shown.list, Qt.Key.Key_Down)
    assert shown.page == "understand"
