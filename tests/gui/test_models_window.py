"""The window of language models: nothing is on before it is turned on, keys go no further than they must."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from solvitur.engine.folders import Folders
from solvitur.gui.main_window import MainWindow
from solvitur.gui.models_window.window import ModelsWindow
from solvitur.problem.document import Problem

KEY = "sk-planted-in-the-window-0123456789"


@pytest.fixture
def models(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelsWindow]:
    """The window over settings of its own, without anybody's keys."""
    for name in [name for name in os.environ if name.startswith("OPENAI_")]:
        monkeypatch.delenv(name)
    window.preferences.changed.connect(window.context.session.use_settings)
    shown = window.windows.show_models()
    assert isinstance(shown, ModelsWindow)
    yield shown


def pick(models: ModelsWindow, name: str) -> None:
    """Opens a backend."""
    rows = [models.list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(models.list.count())]
    models.list.setCurrentRow(rows.index(name))


def press(models: ModelsWindow, name: str) -> None:
    """Presses a button of the open page."""
    assert models.page is not None
    button = models.page.findChild(QPushButton, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def said(models: ModelsWindow, name: str) -> str:
    """Returns what a label of the open page says."""
    assert models.page is not None
    label = models.page.findChild(QLabel, name)
    assert label is not None
    return label.text()


def test_nothing_is_on_until_it_is_turned_on(models: ModelsWindow, window: MainWindow) -> None:
    chats = window.context.session.chats
    assert chats.on == ""
    assert said(models, "modelsState") == "Off: nothing is sent"
    pick(models, "ollama")
    press(models, "modelsTurn")
    assert chats.on == "ollama"
    assert window.preferences.value.chat_backend == "ollama"
    assert said(models, "modelsState").startswith("On")
    pick(models, "openai")
    assert said(models, "modelsState") == "Off: nothing is sent"
    pick(models, "ollama")
    press(models, "modelsTurn")
    assert chats.on == ""


def test_options_are_kept_by_backend(models: ModelsWindow, window: MainWindow) -> None:
    pick(models, "vllm")
    assert models.page is not None
    address = models.page.form.field("address")
    assert isinstance(address, QLineEdit)
    QTest.keyClicks(address, "http://localhost:9/v1")
    assert window.preferences.value.chat_options["vllm"]["address"] == "http://localhost:9/v1"
    models.page.show_models(("small", "large"))
    models.page.edited.emit("model", "large")
    model = models.page.form.field("model")
    assert isinstance(model, QLineEdit)
    assert model.text() == "large"
    pick(models, "openai")
    assert "openai" not in window.preferences.value.chat_options


def test_a_key_is_in_no_file_and_leaves_the_field_at_once(models: ModelsWindow, window: MainWindow) -> None:
    pick(models, "openai")
    assert models.page is not None
    models.page.key.good.setChecked(False)
    QTest.keyClicks(models.page.key.field, KEY)
    press(models, "keyKeep")
    assert models.page.key.field.text() == ""
    assert KEY not in said(models, "keyState")
    assert window.context.session.chats.key_state("openai") != ""
    folders = Folders.of_user()
    for folder in {folders.settings_file.parent, *(Path(os.environ[f"SOLVITUR_{n}_DIR"]) for n in ("DATA", "STATE"))}:
        for path in folder.rglob("*"):
            assert not path.is_file() or KEY.encode() not in path.read_bytes(), path
    press(models, "keyForget")
    assert window.context.session.chats.key_state("openai") == ""


def test_the_preview_shows_the_request_and_sends_nothing(
    models: ModelsWindow, window: MainWindow, qtbot: QtBot
) -> None:
    window.context.session.new(Problem("w", "Make chairs for 5 dollars each, at most 10."), discard=True)
    pick(models, "ollama")
    press(models, "modelsPreview")
    assert models.page is not None
    qtbot.waitUntil(models.page.preview.isVisible, timeout=20_000)
    text = models.page.preview.toPlainText()
    assert "http://localhost:11434/v1/chat/completions" in text
    assert "Make chairs for 5 dollars each, at most 10." in text
    assert said(models, "modelsSaid") == "Nothing was sent."
    assert window.context.session.chats.spent.calls == 0


def test_a_server_that_is_not_there_is_said(models: ModelsWindow, window: MainWindow, qtbot: QtBot) -> None:
    options = {"openai": {"address": "http://127.0.0.1:9/v1", "tries": 1}}
    window.preferences.change(lambda s: replace(s, chat_options=options))
    pick(models, "openai")
    press(models, "modelsList")
    qtbot.waitUntil(lambda: "127.0.0.1" in said(models, "modelsSaid"), timeout=20_000)


def test_what_smollm_is_not_for_is_said(models: ModelsWindow) -> None:
    pick(models, "smollm")
    assert "not for modelling" in said(models, "modelsNote")
    assert "nothing leaves it" in said(models, "modelsNote")


def test_the_budget_is_kept(models: ModelsWindow, window: MainWindow) -> None:
    models.budget.edited.emit("chat_tokens_budget", 5000)
    assert window.context.session.chats.allowed.tokens == 5000
    label = models.findChild(QLabel, "modelsSpent")
    assert label is not None
    assert "5000 of 5000 tokens left" in label.text()
