from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from linli.machine.places import ROOT
from linli.machine.postgres import Cluster

PLACE = ROOT / ".linli" / "test" / "servers"


@pytest.fixture(scope="session")
def made_once() -> Iterator[Path]:
    """A stopped server that has been made and started once."""
    home = PLACE / uuid4().hex[:8]
    cluster = Cluster(home)
    cluster.start()
    cluster.ensure_database()
    cluster.stop()
    yield home
    shutil.rmtree(home)


@pytest.fixture
def home(made_once: Path) -> Iterator[Path]:
    """A copy of it for one test, stopped and removed afterwards."""
    copy = PLACE / uuid4().hex[:8]
    shutil.copytree(made_once, copy, ignore=shutil.ignore_patterns(".s.*"))
    account = Cluster(copy).account
    if account is not None:
        for path in (copy, *(copy / "data").rglob("*"), copy / "data", copy / "run"):
            shutil.chown(path, account.uid, account.gid)
    yield copy
    Cluster(copy).stop()
    shutil.rmtree(copy)


@pytest.fixture
def cluster(home: Path) -> Cluster:
    return Cluster(home)
