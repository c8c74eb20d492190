"""The other side: a bare ASGI application on the same Granian, with the same options.

python hello.py PORT          nothing but the answer
python hello.py PORT edge     the same answer behind our edge
"""

import sys
from contextlib import nullcontext
from typing import Any

from zondarr.cli.listening import listen, new_loop, server_of

BODY = b'{"hello":"world"}'
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(BODY)).encode()),
    ],
}
END = {"type": "http.response.body", "body": BODY}


async def hello(_scope: Any, _receive: Any, send: Any) -> None:
    await send(START)
    await send(END)


def behind_the_edge() -> Any:
    from zondarr.api.edge import Edge  # noqa: PLC0415 — the bare one goes without
    from zondarr.api.metrics import Metrics  # noqa: PLC0415
    from zondarr.core.logs import configure_logs  # noqa: PLC0415

    configure_logs()
    return Edge(hello, hello, running=nullcontext, metrics=Metrics())


if __name__ == "__main__":
    app = behind_the_edge() if "edge" in sys.argv else hello
    server = server_of(app, "127.0.0.1", int(sys.argv[1]))
    new_loop().run(listen(server))
