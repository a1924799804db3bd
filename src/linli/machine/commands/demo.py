"""`./linli demo`: the demonstration city, set up at the first start, quick at every other."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from ipaddress import ip_address

from rich.table import Table

from linli.machine import frontend, translations
from linli.machine.environment import Environment, read
from linli.machine.local import adopt, adopt_cluster, cluster
from linli.machine.postgres import Cluster
from linli.machine.preparing import prepare_once
from linli.machine.processes import children, free_port
from linli.machine.supervisor import Supervisor, wait_until_answers
from linli.machine.telling import console, step, tell
from linli.machine.words import gettext as _

START_PATIENCE = 60.0
Accounts = list[tuple[str, str, str]]


def run(argv: Sequence[str]) -> int:
    """Set up what is not yet there, run web, worker and database until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="./linli demo")
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help="port; otherwise 8000 or the next free one")
    args = parser.parse_args(argv)
    env = read()
    if args.host:
        env = adopt(LINLI_HOST=args.host)
    server = cluster(env)
    supervisor = Supervisor(env.data_dir, [], server)
    supervisor.claim()
    try:
        ready = _set_up(env, server, supervisor, args.port)
    except BaseException:
        supervisor.shut_down()
        raise
    if ready is None:
        supervisor.shut_down()
        return 130
    env, accounts = ready
    supervisor.children = children(env, env.port, env.data_dir / "logs")
    return supervisor.run(lambda: _announce(env, supervisor, accounts))


def _set_up(
    env: Environment, server: Cluster, supervisor: Supervisor, wanted_port: int | None
) -> tuple[Environment, Accounts] | None:
    """Everything before the processes; None when the operator stopped it."""
    frontend.fetch(env.data_dir)
    translations.compile_all()
    if supervisor.stopping():
        return None
    with step("starting PostgreSQL"):
        server.start(mine=True)
        server.ensure_database()
    port = wanted_port or free_port(env.host, env.port)
    env = adopt_cluster(server, env, "demo")
    env = adopt(**_addresses(env, port))
    if supervisor.stopping():
        return None
    result = prepare_once(env, server, "--demo", stopped=supervisor.stopping)
    return None if result is None else (env, result["accounts"])


def _addresses(env: Environment, port: int) -> dict[str, str]:
    hosts = "*" if _everywhere(env.host) else f"{env.allowed_hosts},{env.host}"
    return {
        "LINLI_PUBLIC_ADDRESS": f"http://{env.host}:{port}",
        "LINLI_ALLOWED_HOSTS": hosts,
        "LINLI_PORT": str(port),
    }


def _everywhere(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def _announce(env: Environment, supervisor: Supervisor, accounts: Accounts) -> None:
    host = "127.0.0.1" if _everywhere(env.host) else env.host
    answered = wait_until_answers(host, env.port, START_PATIENCE, supervisor.stopping)
    if supervisor.stopping():
        return
    if not answered:
        tell("the web process does not answer; see {log}", log=env.data_dir / "logs" / "web.log")
        return
    table = Table(title=_("Demonstration accounts"), title_justify="left")
    for heading in (_("Account"), _("Password"), _("Who")):
        table.add_column(heading)
    for row in accounts:
        table.add_row(*row)
    console.print(table)
    console.print(_("Linli is ready: {address}  (Ctrl-C stops it)", address=env.public_address))
