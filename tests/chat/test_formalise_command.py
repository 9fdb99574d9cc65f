"""The verb ``formalise``, prompt steps and recordings, as scripts see them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chat_worlds import Server, refuse, say
from scripted_model import ScriptedModel
from scripted_statements import statements

from overlays import write_plugin
from solvitur.cli.main import run
from solvitur.cli.running import Faces
from solvitur.engine.chats import Allowed, Chats
from solvitur.engine.folders import Folders
from solvitur.engine.installed import overlay_of
from solvitur.engine.settings import Settings, SettingsFile
from solvitur.engine.workers import Workers
from solvitur.engine.workflow.context import Services
from solvitur.engine.workflow.running import WorkflowRun
from solvitur.hooks.loading import Plugins
from solvitur.workflow.forms import from_text

READER = """
from solvitur.api import Draft, Evidence, Question, hook

class Reader:
    name, title = "reader", "Reader of tests"

    def draft(self, statement, tables, answers):
        if "crash" in statement:
            raise ValueError("no wonder")
        if "half" in statement and "whole" not in answers:
            asked = Question("whole", "Can you make half a chair?", ("no", "yes"), "x", 0, 4, 0.9)
            return Draft("var x <= 3\\nmaximize z: x", (Evidence("x", 0, 4),), (asked,))
        model = {"none": "var x\\nmaximize z: x\\nsubject to a: x <= 1\\nsubject to b: x >= 2",
                 "broken": "var x <=\\nmaximize z: y"}.get(statement.strip(), "var x <= 3\\nmaximize z: 2 * x")
        return Draft(model, (Evidence("x", 0, 4),), complete=True, unread=((2, 4),))


@hook
def formalisers():
    return [Reader()]
"""


@pytest.fixture
def solvitur(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple]]:
    """Runs the command line with a formaliser of the test's own; gives exit code, results and messages."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    folder = overlay_of(Folders.of_user()).lend()
    write_plugin(folder, "reader", READER, head="")

    def call(*arguments: str, given: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        code = run(arguments, Faces(lambda path, safe: 0, lambda picture, path: None))
        told = capfd.readouterr()
        return code, told.out, told.err

    yield call


def test_a_statement_becomes_a_model_and_its_answer(solvitur: Callable[..., tuple]) -> None:
    code, out, _ = solvitur("formalise", "-", "--backend", "reader", "--json", given="make as many as you can")
    told = json.loads(out)
    assert code == 0
    assert {"model", "elements", "evidence", "questions", "answer", "backend"} <= set(told)
    assert told["answer"]["objective"] == 6 and told["answer"]["verified"] and told["backend"] == "reader"
    assert told["evidence"] == [{"element": "x", "span": [0, 4]}] and told["questions"] == []
    assert told["elements"]["variables"][0]["name"] == "x"


def test_what_is_open_is_asked_and_an_answer_goes_on(solvitur: Callable[..., tuple], tmp_path: Path) -> None:
    stated = tmp_path / "stated.txt"
    stated.write_text("half of them", "utf-8")
    code, out, _ = solvitur("formalise", str(stated), "--backend", "reader", "--json")
    told = json.loads(out)
    assert code == 4 and told["answer"] is None
    assert told["questions"][0]["text"] == "Can you make half a chair?" and told["questions"][0]["choices"] == [
        "no",
        "yes",
    ]
    code, out, err = solvitur("formalise", str(stated), "--backend", "reader", "--answer", "whole=no")
    assert code == 0 and "objective  6" in out and "not understood: 'lf'" in err


@pytest.mark.parametrize(("stated", "code"), [("none", 3), ("broken", 5), ("crash", 5), ("   ", 2)])
def test_exit_codes_say_what_came_of_it(solvitur: Callable[..., tuple], stated: str, code: int) -> None:
    given, _out, err = solvitur("formalise", "-", "--backend", "reader", given=stated)
    assert given == code, err
    assert "Traceback" not in err


def test_scripts_get_the_same_object_when_nothing_can_be_read(solvitur: Callable[..., tuple]) -> None:
    for stated, backend, code in (("", "reader", 2), ("crash", "reader", 5), ("x", "nobody", 2)):
        given, out, _ = solvitur("formalise", "-", "--backend", backend, "--json", given=stated)
        told = json.loads(out)
        assert given == code and told["answer"] is None and told["model"] == "" and told["findings"]


def test_a_backend_that_is_not_there_is_told_with_those_that_are(solvitur: Callable[..., tuple]) -> None:
    code, _, err = solvitur("formalise", "-", "--backend", "raeder", given="x")
    assert code == 2 and "did you mean 'reader'" in err
    code, _, err = solvitur("formalise", "no-such-file.txt", "--backend", "reader")
    assert code == 2 and "no such file" in err
    code, _, err = solvitur("formalise", "-", "--backend", "model", given="x")
    assert code == 2 and "no language model is turned on" in err


def test_bytes_that_are_no_text_are_told(solvitur: Callable[..., tuple], tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(bytes(range(256)) * 4)
    code, _, err = solvitur("formalise", str(tmp_path / "noise"), "--backend", "reader")
    assert code == 2 and "no text" in err


def test_a_language_model_is_asked_when_named_recorded_and_played_back_without_a_server(
    solvitur: Callable[..., tuple], server: Server, tmp_path: Path
) -> None:
    scripted, stated = ScriptedModel(1.0, 1, 1), statements(1)[3]
    server.answers = [lambda exchange: say(scripted.reply(exchange.body["messages"]))(exchange)]
    recording = str(tmp_path / "session.jsonl")
    options = ["--option", f"address={server.address}", "--option", "model=any"]
    asked = ["formalise", "-", "--json"]
    code, first, err = solvitur(*asked, "--backend", "openai", *options, "--record", recording, given=stated.text)
    assert code == 0, err
    assert json.loads(first)["stages"]["in all"].startswith("8 calls")
    server.seen.clear()
    code, again, _ = solvitur(*asked, "--backend", "recorded", "--option", f"file={recording}", given=stated.text)
    assert code == 0 and server.seen == []
    assert json.loads(again)["answer"]["objective"] == json.loads(first)["answer"]["objective"]
    code, _, err = solvitur(*asked, "--backend", "recorded", "--option", f"file={recording}", given="something else")
    assert code == 5 and "has no reply to this question" in err


def test_the_offline_reader_hands_over_only_to_a_model_that_is_turned_on(
    solvitur: Callable[..., tuple], server: Server
) -> None:
    stated = statements(1)[3]
    scripted = ScriptedModel(1.0, 1, 1)
    server.answers = [lambda exchange: say(scripted.reply(exchange.body["messages"]))(exchange)]
    given = "Zzz qqq. " + stated.text
    scripted._known[given] = stated.model
    solvitur("formalise", "-", "--json", given=given)
    assert server.seen == [], "nothing is turned on"
    options = {"openai": {"address": server.address, "model": "any"}}
    SettingsFile(Folders.of_user().settings_file).write(Settings(chat_backend="openai", chat_options=options))
    code, out, _ = solvitur("formalise", "-", "--json", given=given)
    told = json.loads(out)
    assert code == 0 and told["backend"] == "openai" and server.seen
    assert any("so OpenAI read it" in said for said in told["stages"].values())


def test_a_step_asks_the_model_that_is_on_and_says_so_when_none_is(server: Server, plugins: Plugins) -> None:
    flow = from_text(
        'words = value(value="ten chairs")\n'
        'ask = ask_model(inputs=words.value, prompt="How many: {1}?", schema="{\\"type\\": \\"object\\"}")\n'
    )
    workers = Workers(spare=False)
    server.answers = [say('{"chairs": 10}')]
    options = {"openai": {"address": server.address, "model": "any"}}
    chats = Chats(plugins, Allowed("openai", options))
    done = WorkflowRun(flow, Services(plugins, workers, chats=chats))
    done.start()
    done.wait()
    assert done.outputs("ask")["value"] == {"chairs": 10}
    assert server.seen[0].body["messages"][-1]["content"] == "How many: ten chairs?"
    off = WorkflowRun(flow, Services(plugins, workers, chats=Chats(plugins)))
    off.start()
    off.wait()
    assert "no language model is turned on" in off.fault("ask")
    server.answers = [refuse(500, "boom")]
    chats.use(allowed=Allowed("openai", {"openai": {**options["openai"], "tries": 1}}))
    failed = WorkflowRun(flow, Services(plugins, workers, chats=chats))
    failed.start()
    failed.wait()
    assert "failed (status 500)" in failed.fault("ask")
    chats.close()
    workers.shutdown()
