"""The embedded server's settings, fitted to the memory of this machine."""

from __future__ import annotations

import os
from pathlib import Path

MB = 1024 * 1024


def memory() -> int:
    """Bytes of memory this process may count on: the machine's, or its control group's limit."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for name in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            total = min(total, int(Path(name).read_text()))
        except (OSError, ValueError):
            continue
    return total


def _within(low: int, value: int, high: int) -> str:
    return f"{max(low, min(value, high))}MB"


def settings(sockets: Path, *, durable: bool, connections: int = 100) -> dict[str, str]:
    """PostgreSQL settings by name; without `durable` a power cut may lose the data (tests)."""
    megabytes = memory() // MB
    chosen = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": str(connections),
        "password_encryption": "scram-sha-256",
        "shared_buffers": _within(64, megabytes // 6, 2048),
        "effective_cache_size": _within(128, megabytes // 2, 65536),
        "maintenance_work_mem": _within(64, megabytes // 16, 512),
        "work_mem": _within(4, megabytes // 1000, 32),
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "log_line_prefix": "%m [%p] ",
        "log_checkpoints": "off",
        "log_timezone": "UTC",
        "timezone": "UTC",
    }
    if not durable:
        chosen |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "shared_buffers": _within(64, megabytes // 12, 512),
            "autovacuum_naptime": "10min",
        }
    return chosen
