"""Typed settings read from the environment.

Every setting may also come from a file named in `…_FILE`, as secrets do in containers.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from linli.machine.errors import MachineError
from linli.machine.places import ROOT

PREFIX = "LINLI_"

DEVELOPMENT_KEY = "insecure-development-key-only"


def variable(name: str, field: FieldInfo) -> str:
    """The environment variable of one setting."""
    return str(field.validation_alias) if field.validation_alias else f"{PREFIX}{name.upper()}"


class FileSource(PydanticBaseSettingsSource):
    """Values from the files that `…_FILE` variables name; one trailing newline is dropped."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """One setting: its text or None, the key to store it under, and that it is no JSON."""
        key = str(field.validation_alias or field_name)
        path = os.environ.get(f"{variable(field_name, field)}_FILE")
        if not path:
            return None, key, False
        try:
            return Path(path).read_text().rstrip("\n"), key, False
        except OSError as error:
            raise MachineError(
                "The file {path} named by {name}_FILE cannot be read: {reason}.",
                path=path,
                name=variable(field_name, field),
                reason=error.strerror,
            ) from error

    def __call__(self) -> dict[str, Any]:
        """Every setting found in a file."""
        found = (
            self.get_field_value(field, name)
            for name, field in self.settings_cls.model_fields.items()
        )
        return {key: value for value, key, _ in found if value is not None}


class Environment(BaseSettings):
    """Every setting an operator can make."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    mode: Literal["demo", "serve", "test"] = Field(
        default="test", description="Set by the command: demo, serve or test."
    )
    secret_key: str = Field(
        default=DEVELOPMENT_KEY,
        description="Signs sessions and the audit trail; 50 random characters, kept for ever.",
    )
    debug: bool = Field(default=False, description="Pages of errors for developers.")
    allowed_hosts: str = Field(
        default="localhost,127.0.0.1",
        description="Host names Linli answers to, separated by commas.",
    )
    public_address: str = Field(
        default="http://127.0.0.1:8000",
        description="Where residents find Linli; used in e-mails, QR codes and printed notices.",
    )
    plain_http: bool = Field(
        default=False,
        description="Serve without HTTPS cookies: only on this machine or in a closed network.",
    )
    proxies: int = Field(
        default=0,
        ge=0,
        description="Reverse proxies in front; their X-Forwarded-For and -Proto are believed.",
    )
    hsts_seconds: int = Field(
        default=3600, ge=0, description="How long browsers insist on HTTPS; raise it when sure."
    )
    host: str = Field(default="127.0.0.1", description="Address the web process listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port it listens on.")
    workers: int = Field(
        default=0, ge=0, description="Web processes; 0: one a processor, eight at most."
    )
    threads: int = Field(
        default=4,
        ge=1,
        description="Threads a web process; workers × threads = its database connections.",
    )
    jobs: int = Field(default=2, ge=1, description="Jobs the worker runs at once.")
    timezone: str = Field(default="Asia/Shanghai", description="Where the city is.")
    hotline: str = Field(
        default="12345", description="The number residents call; shown on their pages."
    )
    reports_a_minute: int = Field(
        default=10, ge=1, description="Reports one address may send a minute without an account."
    )
    reports_an_hour: int = Field(default=120, ge=1, description="The same, an hour.")
    map_tiles: str = Field(
        default="",
        description="Raster tiles under the maps: `https://…{z}…{x}…{y}…` with your own key.",
    )
    map_attribution: str = Field(
        default="", description="Who made the map and its approval number, shown on every map."
    )
    data_dir: Path = Field(
        default=ROOT / ".linli", description="Embedded database, attachments, stamps."
    )
    media_dir: Path | None = Field(
        default=None, description="Attachments; `media` in the data directory when not given."
    )
    database_url: str = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="The application's connection, as the role that owns nothing.",
    )
    database_owner_url: str = Field(
        default="",
        validation_alias="DATABASE_OWNER_URL",
        description="The owner's connection, for migrations, backup and restore.",
    )
    database_wait: int = Field(
        default=120, ge=0, description="Seconds to wait at start for a database that is down."
    )
    as_owner: bool = Field(
        default=False, description="Work as the owner; set by commands that migrate."
    )
    embedded: bool = Field(
        default=False, description="`serve` with the embedded PostgreSQL (pilots, no city)."
    )
    pg_bin: Path | None = Field(
        default=None, description="Directory of PostgreSQL's programs to use."
    )
    smtp_host: str = Field(default="", description="Mail server; without it no e-mail is sent.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    smtp_user: str = Field(default="", description="Account at the mail server.")
    smtp_password: str = Field(default="", description="Its password.")
    smtp_tls: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="How the connection to the mail server is protected."
    )
    mail_from: str = Field(default="linli@localhost", description="Sender of e-mails.")
    sms_url: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="Text-message gateway ([how](text-messages.md)); without it no code is sent.",
    )
    sms_token: str = Field(default="", description="Bearer token the gateway asks for.")
    sms_sign: str = Field(
        default="", description="Signature the operator puts before every text message."
    )
    sms_template: str = Field(
        default="", description="The operator's name of the approved message with a code."
    )
    sms_timeout: int = Field(
        default=10, ge=1, le=60, description="Seconds to wait for the gateway's answer."
    )
    codes_a_number: int = Field(
        default=5, ge=1, description="Codes sent to one number an hour; three times as many a day."
    )
    codes_an_address: int = Field(
        default=20, ge=1, description="Codes asked for from one address an hour."
    )
    virus_scan: str = Field(
        default="",
        description="Command that checks one file, e.g. “clamdscan --no-summary”; "
        "the path is added; it answers 0 for clean, 1 for infected, else the file goes on waiting.",
    )
    upload_mb: int = Field(default=20, ge=1, description="Largest attachment, in MB.")
    uploads_per_report: int = Field(default=9, ge=1, description="Most attachments a report.")
    tile_url: str = Field(
        default="",
        description="Raster map source with {x} {y} {z}, e.g. Tianditu with the city's key.",
    )
    tile_attribution: str = Field(default="", description="Credit line the source asks for.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged."
    )
    chromium: Path | None = Field(default=None, description="Chromium to run browser tests with.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code wins over the environment, the environment over files."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, FileSource(settings_cls)

    @property
    def media(self) -> Path:
        """Where attachments are kept."""
        return self.media_dir or self.data_dir / "media"


def read() -> Environment:
    """The settings as the environment has them now; a bad value is named in a sentence."""
    try:
        return Environment()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        field = Environment.model_fields.get(name)
        raise MachineError(
            "The setting {name} cannot be used: {reason}.",
            name=variable(name, field) if field else name,
            reason=first["msg"],
        ) from error


@lru_cache
def environment() -> Environment:
    """The settings of this process, read once."""
    return read()
