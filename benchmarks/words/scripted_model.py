"""A scripted language model on loopback HTTP: right with probability p, else wrong in one of ten ways.

It knows the right models of its own statements. Every reply that is a model (a draft, a correction, a model made of
words) is right with probability p and otherwise one of the ten kinds of wrong, drawn anew for each call. As a critic
it judges with probability p, and else says that all is well, or doubts something at random. Words for a model are
made from the model that it is given, and a model for such words from these words alone: the truth is not looked up.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scripted_shapes import Tree
from scripted_statements import statements
from scripted_wrongs import WRONGS

from solvitur.api import parse_model
from solvitur.language.forms_json import to_json

_STATEMENT = re.compile(r"<statement>\n(.*?)\n</statement>", re.DOTALL)
_MODEL = re.compile(r"<model>\n(.*?)\n?</model>", re.DOTALL)


class ScriptedModel:
    """Makes the replies; calls are counted by what they were for."""

    def __init__(self, p: float, seed: int, variants: int) -> None:
        self._p = p
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._known = {stated.text: stated.model for stated in statements(variants)}
        self.calls: dict[str, int] = {}

    def reply(self, messages: list[dict[str, str]]) -> str:
        """Answers a question of the pipeline."""
        asked = messages[-1]["content"]
        statement = _STATEMENT.search(asked)
        model = _MODEL.search(asked)
        with self._lock:
            drawn = random.Random(self._random.random())
        if "State this model as a problem" in asked and model:
            self._count("back-translation")
            return json.dumps({"statement": told(model.group(1))})
        if statement is None:
            return json.dumps({})
        truth = self._known.get(statement.group(1).strip()) or heard(statement.group(1))
        if "phrase by phrase" in asked and model:
            self._count("critic")
            return json.dumps({"items": self._verdicts(truth, model.group(1), drawn)})
        self._count("repair" if "Checks found" in asked else "model")
        made = copy.deepcopy(truth)
        if drawn.random() >= self._p:
            WRONGS[drawn.choice(sorted(WRONGS))](made, drawn)
        return json.dumps(made)

    def _verdicts(self, truth: Tree, model: str, drawn: random.Random) -> list[dict[str, str]]:
        given = tree_of(model)
        items = []
        for name, wanted, there in _compared(truth, given):
            verdict = "held" if wanted == there else "missing" if there is None else "wrong"
            items.append({"quote": name, "element": name, "verdict": verdict, "remark": ""})
        if drawn.random() >= self._p:
            for item in items:
                item["verdict"] = "held"
            if items and drawn.random() < 0.5:
                drawn.choice(items)["verdict"] = "wrong"
        return items

    def _count(self, what: str) -> None:
        with self._lock:
            self.calls[what] = self.calls.get(what, 0) + 1


def _compared(truth: Tree, given: Tree) -> list[tuple[str, Any, Any]]:
    """Pairs what the right model and a given one say of each limit, number, kind of variable, and of the aim."""
    pairs: list[tuple[str, Any, Any]] = []
    for group, fields in (
        ("constraints", ("index", "relation")),
        ("parameters", ("values",)),
        ("variables", ("domain", "lower", "upper")),
    ):
        found = {each["name"]: each for each in given[group]}
        for each in truth[group]:
            other = found.pop(each["name"], None)
            there = None if other is None else [_plain(other[field]) for field in fields]
            pairs.append((each["name"], [_plain(each[field]) for field in fields], there))
        pairs += [(name, None, "more than is said") for name in found]
    aim = [given["objective"]["sense"], _plain(given["objective"]["expression"])]
    pairs.append(("aim", [truth["objective"]["sense"], _plain(truth["objective"]["expression"])], aim))
    return pairs


def _plain(text: str) -> str:
    try:
        return json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        return re.sub(r"[\s\"']", "", text)


def tree_of(text: str) -> Tree:
    """Reads a model's text back into five elements."""
    read = to_json(parse_model(text).model)
    data = {each["name"]: each.get("value") for each in read["data"]}
    aim = (read["objectives"] or [{"sense": "min", "expression": "0"}])[0]

    def plain(each: Tree, **more: Any) -> Tree:
        return {"name": each["name"], "index": each.get("index", ""), "unit": "", "description": "", **more}

    return {
        "sets": [
            {"name": each["name"], "members": [str(m) for m in data.get(each["name"]) or []], "description": ""}
            for each in read["sets"]
        ],
        "parameters": [plain(each, values=json.dumps(data.get(each["name"]))) for each in read["parameters"]],
        "variables": [
            plain(
                each,
                domain=each.get("domain", "continuous"),
                lower=each.get("lower", ""),
                upper=each.get("upper", ""),
            )
            for each in read["variables"]
        ],
        "objective": {
            "sense": "maximize" if aim["sense"] == "max" else "minimize",
            "name": "aim",
            "expression": aim["expression"],
        },
        "constraints": [plain(each, relation=each["relation"]) for each in read["constraints"]],
        "evidence": [],
        "questions": [],
        "assumptions": [],
    }


def told(text: str) -> str:
    """States a model in words, a sentence for each element, from the model alone."""
    found = tree_of(text)
    said = [f"The {each['name']} are: {json.dumps(each['members'])}." for each in found["sets"]]
    said += [f"Known is {each['name']} for [{each['index']}]: {each['values']}." for each in found["parameters"]]
    for each in found["variables"]:
        ends = f"from '{each['lower']}' to '{each['upper']}'"
        said.append(f"To decide is {each['name']} for [{each['index']}], {each['domain']}, {ends}.")
    aim = found["objective"]
    said.append(f"The aim is to {aim['sense']} {aim['expression']}.")
    said += [
        f"It must hold for [{each['index']}], as {each['name']}: {each['relation']}." for each in found["constraints"]
    ]
    return "\n".join(said)


def heard(words: str) -> Tree:
    """Models such words again, from the words alone."""
    found: Tree = {name: [] for name in ("sets", "parameters", "variables", "constraints", "evidence", "questions")}
    found |= {"assumptions": [], "objective": {"sense": "minimize", "name": "aim", "expression": "0"}}
    plain = {"unit": "", "description": ""}
    for line in words.splitlines():
        if match := re.fullmatch(r"The (\w+) are: (.*)\.", line):
            found["sets"].append({"name": match[1], "members": json.loads(match[2]), "description": ""})
        elif match := re.fullmatch(r"Known is (\w+) for \[(.*?)\]: (.*)\.", line):
            found["parameters"].append({"name": match[1], "index": match[2], "values": match[3], **plain})
        elif match := re.fullmatch(r"To decide is (\w+) for \[(.*?)\], (\w+), from '(.*)' to '(.*)'\.", line):
            named = dict(zip(("name", "index", "domain", "lower", "upper"), match.groups(), strict=True))
            found["variables"].append({**named, **plain})
        elif match := re.fullmatch(r"The aim is to (\w+) (.*)\.", line):
            found["objective"] = {"sense": match[1], "name": "aim", "expression": match[2]}
        elif match := re.fullmatch(r"It must hold for \[(.*?)\], as (\w+): (.*)\.", line):
            named = {"index": match[1], "name": match[2], "relation": match[3]}
            found["constraints"].append({**named, **plain})
    return found


def server_of(model: ScriptedModel, port: int = 0) -> ThreadingHTTPServer:
    """Makes the server; its address is ``server_address``."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = model.reply(asked["messages"])
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            usage = {"prompt_tokens": sum(len(m["content"]) for m in asked["messages"]) // 4}
            usage["completion_tokens"] = len(text) // 4
            self._send({"object": "chat.completion", "choices": [choice], "usage": usage})

        def do_GET(self) -> None:
            self._send({"object": "list", "data": [{"id": "scripted", "object": "model"}], "calls": model.calls})

        def _send(self, tree: Tree) -> None:
            raw = json.dumps(tree).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:
            return

    ThreadingHTTPServer.request_queue_size = 128
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def main() -> None:
    """Serves until it is ended; prints the address first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--p", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variants", type=int, default=4)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    server = server_of(ScriptedModel(given.p, given.seed, given.variants), given.port)
    print(f"http://127.0.0.1:{server.server_address[1]}/v1", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
