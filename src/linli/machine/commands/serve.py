"""`./linli serve`: Linli for a real city, with settings from the environment."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from linli.machine import frontend, refusals, translations
from linli.machine.environment import Environment, read
from linli.machine.local import adopt, adopt_cluster, cluster, wait_for
from linli.machine.postgres import Cluster
from linli.machine.preparing import prepare
from linli.machine.processes import children
from linli.machine.supervisor import Supervisor, wait_until_answers
from linli.machine.telling import tell

START_PATIENCE = 60.0


def run(argv: Sequence[str]) -> int:
    """Refuse unsafe settings, wait for the database, run web and worker until told to stop."""
    argparse.ArgumentParser(prog="./linli serve").parse_args(argv)
    env = read()
    found = refusals.unsafe_settings(env)
    if found:
        for sentence in found:
            print(f"linli: {sentence}", file=sys.stderr)
        return 1
    server = cluster(env) if env.embedded and not env.database_url else None
    env.data_dir.mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor(env.data_dir, [], server)
    supervisor.claim()
    try:
        env = _database(env, server)
        frontend.fetch(env.data_dir)
        translations.compile_all()
        result = prepare(stopped=supervisor.stopping)
    except BaseException:
        supervisor.shut_down()
        raise
    if result is None:
        supervisor.shut_down()
        return 130
    supervisor.children = children(env, env.port, None)
    return supervisor.run(lambda: _announce(env, supervisor))


def _database(env: Environment, server: Cluster | None) -> Environment:
    if server is None:
        env = adopt(LINLI_MODE="serve")
        wait_for(env.database_url, env.database_wait)
        return env
    server.start(mine=True)
    server.ensure_database()
    return adopt_cluster(server, env, "serve")


def _announce(env: Environment, supervisor: Supervisor) -> None:
    if wait_until_answers(env.host, env.port, START_PATIENCE, supervisor.stopping):
        tell("Linli serves {address}", address=env.public_address)
