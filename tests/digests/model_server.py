"""A server on loopback that speaks OpenAI's chat completions, with the faults that real ones have."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.loopback import Loopback


@dataclass
class Reply:
    """One answer: by default a completion whose message is ``content``."""

    content: str | None = "{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    usage: tuple[int, int] | None = (100, 50)
    choices: list[Any] | None = None
    pause: float = 0.0
    cut: bool = False

    def data(self, model: str) -> bytes:
        if self.body is not None:
            return self.body
        if self.status >= 400:
            return json.dumps({"error": {"message": "at fault", "type": "fault"}}).encode()
        message = {"role": "assistant", "content": self.content}
        choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
        answer: dict[str, Any] = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": f"{model}-2026",
            "choices": choices if self.choices is None else self.choices,
        }
        if self.usage:
            prompt, completion = self.usage
            answer["usage"] = {
                "prompt_tokens": prompt,
                "completion_tokens": completion,
                "total_tokens": prompt + completion,
            }
        return json.dumps(answer, ensure_ascii=False).encode()


def answer(line: str = "It rings.") -> Reply:
    """An answer to the question for a summary or a report."""
    return Reply(json.dumps({"line": line, "bullets": [line], "questions": ["Why?"]}))


class ModelServer:
    """Answers each request with the next of ``replies`` (the last again), or with what ``answer`` makes
    of the request; ``requests`` are the bodies, ``headers`` their headers."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.answer: Callable[[dict[str, Any]], Reply] | None = None
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.requests.append(request)
                outer.headers.append({k.lower(): v for k, v in self.headers.items()})
                outer.paths.append(self.path)
                number = min(len(outer.requests), len(outer.replies)) - 1
                reply = outer.answer(request) if outer.answer else outer.replies[number]
                self._send(reply, reply.data(request["model"]))

            def _send(self, reply: Reply, data: bytes) -> None:
                self.send_response(reply.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if reply.cut:
                    self.wfile.write(data[: len(data) // 2])
                    self.close_connection = True
                elif reply.pause:
                    try:
                        for byte in data:
                            self.wfile.write(bytes([byte]))
                            self.wfile.flush()
                            time.sleep(reply.pause)
                    except OSError:
                        self.close_connection = True
                else:
                    self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = Loopback(Handler)

    @property
    def address(self) -> str:
        return f"{self._server.url}/v1"

    def close(self) -> None:
        self._server.close()
