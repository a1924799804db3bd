"""Typed settings read from the environment; secrets may also come from a file named in `…_FILE`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Environment(BaseSettings):
    """Every setting an operator can make; names are given without the prefix LINLI_."""

    model_config = SettingsConfigDict(env_prefix="LINLI_", extra="ignore")

    data_dir: Path = Path(__file__).resolve().parents[2] / ".linli"
    database_url: str = Field("", validation_alias="DATABASE_URL")
    database_owner_url: str = Field("", validation_alias="DATABASE_OWNER_URL")
    secret_key: str = "insecure-development-key-only"
    as_owner: bool = False
    debug: bool = False
    allowed_hosts: str = "localhost,127.0.0.1"
    timezone: str = "Asia/Shanghai"


@lru_cache
def environment() -> Environment:
    """The settings of this process, read once."""
    return Environment()
