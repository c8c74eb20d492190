"""More connections at once than Granian lets in by itself."""

import socket
from contextlib import ExitStack
from pathlib import Path

import httpx2
from tests.cli.process import environment, free_port, running, serve_command

CROWD = 300


def test_many_idle_connections_keep_nobody_out(tmp_path: Path) -> None:
    port = free_port()
    env = environment(tmp_path)
    with (
        running(serve_command(port), port=port, env=env, folder=tmp_path) as server,
        ExitStack() as idle,
    ):
        for _ in range(CROWD):
            one = idle.enter_context(socket.create_connection(("127.0.0.1", port)))
            one.sendall(b"GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n")
        answer = httpx2.get(f"{server.url}/health/live", timeout=10, trust_env=False)
        assert answer.is_success
