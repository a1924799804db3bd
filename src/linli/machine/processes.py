"""The programs Linli consists of when it runs: web and worker."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from linli.machine.environment import Environment
from linli.machine.errors import MachineError
from linli.machine.supervisor import Child

WEB_PATIENCE = 15.0
WORKER_PATIENCE = 30.0
PORTS_TRIED = 20
MOST_WORKERS = 8


def children(env: Environment, port: int, logs: Path | None) -> list[Child]:
    """Web and worker, in the order in which they are stopped; output to files under `logs`."""
    if logs is not None:
        logs.mkdir(parents=True, exist_ok=True)
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi",
        "--host", env.host, "--port", str(port),
        "--workers", str(env.workers or web_workers()), "--blocking-threads", str(env.threads),
        "--respawn-failed-workers", "--workers-kill-timeout", "10",
        "--no-ws", "--log-level", env.log_level.lower(),
        "linli.machine.web:application",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "linli", "worker"]
    return [
        Child("web", web, WEB_PATIENCE, logs / "web.log" if logs else None),
        Child("worker", worker, WORKER_PATIENCE, logs / "worker.log" if logs else None),
    ]


def web_workers() -> int:
    """One web process for every processor this process may use, at most eight."""
    return min(len(os.sched_getaffinity(0)), MOST_WORKERS)


def free_port(host: str, first: int) -> int:
    """`first`, or the next port nobody listens on."""
    for port in range(first, first + PORTS_TRIED):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise MachineError(
        "No free port from {first} to {last}: choose one with --port.",
        first=first,
        last=first + PORTS_TRIED - 1,
    )
