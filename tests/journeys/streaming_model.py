"""A language model on loopback HTTP that streams: the scripted one of the benchmark, and a reader of wishes."""

from __future__ import annotations

import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks" / "words"))

from scripted_model import ScriptedModel
from scripted_statements import statements

_MODEL = re.compile(r"<model>\n(.*?)\n?</model>", re.DOTALL)
_PIECE = 24
STATEMENT = statements(1)[0].text


class StreamingModel:
    """Always right; every reply comes in pieces, as a server's does."""

    def __init__(self) -> None:
        model = ScriptedModel(1.0, 7, 1)
        outer = self
        self.streamed = 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                text = wish_granted(asked["messages"]) or model.reply(asked["messages"])
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                for at in range(0, len(text), _PIECE):
                    self.say({"content": text[at : at + _PIECE]}, None)
                self.say({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")
                outer.streamed += 1

            def say(self, delta: dict[str, str], finish: str | None) -> None:
                choice = {"index": 0, "delta": delta, "finish_reason": finish}
                line = json.dumps({"object": "chat.completion.chunk", "choices": [choice]})
                self.wfile.write(f"data: {line}\n\n".encode())
                self.wfile.flush()

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        """Ends the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def wish_granted(messages: list[dict[str, str]]) -> str:
    """Answers a wish about a model: whatever is wished, one desk less is ordered. Empty for other questions."""
    asked = messages[-1]["content"]
    model = _MODEL.search(asked)
    if "<wish>" not in asked or model is None:
        return ""
    text = model.group(1).replace("ordered = 14", "ordered = 13") + "\n"
    return json.dumps({"understood": True, "said": "One desk less is ordered.", "model": text})
