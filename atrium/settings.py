"""Settings: one frozen object, read from the environment (`ATRIUM_…`) here and handed down as values."""

from __future__ import annotations

import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

WEAK = "ATRIUM_SECRET_KEY must have at least 32 characters; make one with: openssl rand -hex 32"


class Unsafe(Exception):
    """The settings cannot be used; the message lists what is wrong and how to mend it."""


class Settings(BaseSettings):
    """All settings of Atrium. Each is the environment variable `ATRIUM_` + its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="ATRIUM_", env_file=".env", frozen=True, extra="ignore")

    database_url: str = Field("", description="PostgreSQL 18 or newer; empty: the server that Atrium brings along.")
    redis_url: str = Field("", description="Redis 7 or Valkey; empty: one process does without.")
    meilisearch_url: str = Field("", description="Meilisearch; empty: PostgreSQL's full text answers searches.")
    meilisearch_key: str = Field("", description="The key of Meilisearch.")
    meilisearch_binary: str = Field(
        "",
        description="Without a URL: the program of Meilisearch to start; empty: meilisearch on PATH, if there.",
    )
    secret_key: str = Field("", description="Seals cursors; at least 32 characters; several by comma, the first seals.")
    data_dir: Path = Field(Path(".data"), description="Where the embedded servers and small files live.")
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="The port to listen on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="How many API processes.")
    mode: Literal["development", "production"] = Field(
        "development", description="production hides GraphiQL and introspection, and refuses unsafe settings."
    )
    log_format: Literal["text", "json"] = Field("text", description="How log lines look.")
    public_url: str = Field("", description="How people reach this server, such as https://social.company.example.")
    allowed_origins: str = Field("", description="Other origins whose pages may call the API, by comma.")
    trusted_proxies: str = Field("", description="Addresses of proxies whose X-Forwarded-For is believed, by comma.")
    time_zone: str = Field("UTC", description="The organisation's time zone: where its days begin.")
    min_group: int = Field(
        5, ge=3, le=1000, description="Numbers of fewer people than this are not told, so that nobody is meant by them."
    )
    pool_size: int = Field(10, ge=2, le=100, description="Database connections of one process.")
    log_days: int = Field(7, ge=1, le=3650, description="For how many days a stream can be resumed, at most.")
    log_rows: int = Field(
        1_000_000, ge=1_000, description="Events that are kept at most; older ones go, however young they are."
    )
    concurrent_per_person: int = Field(
        8, ge=1, le=1000, description="Operations that one person may have under way over HTTP, in one process."
    )

    executor: Literal["compiled", "reference"] = Field(
        "compiled", description="What runs operations; reference is graphql-core's own executor, slower and as right."
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{value!r} is no time zone; write one like Europe/Berlin") from None
        return value

    @property
    def is_development(self) -> bool:
        return self.mode == "development"

    @cached_property
    def origins(self) -> frozenset[str]:
        """The origins of other sites that may call us, without trailing slashes."""
        listed = frozenset(o.strip().rstrip("/") for o in self.allowed_origins.split(",") if o.strip())
        return listed.union([self.public_url.rstrip("/")] if self.public_url else [])

    @cached_property
    def proxies(self) -> frozenset[str]:
        return frozenset(p.strip() for p in self.trusted_proxies.split(",") if p.strip())

    def secret_keys(self) -> list[bytes]:
        """The keys that seal, newest first; in development one of its own, kept in the data folder."""
        if self.secret_key:
            return [key.strip().encode() for key in self.secret_key.split(",") if key.strip()]
        return [own_secret(self.data_dir / "secret_key")]


def read_settings() -> Settings:
    """The settings of this process. Raises `Unsafe` with a line for each fault."""
    try:
        settings = Settings()  # pyright: ignore[reportCallIssue]  # its values come from the environment
    except ValidationError as error:
        faults = [f"ATRIUM_{'_'.join(str(p) for p in e['loc']).upper()}: {e['msg']}" for e in error.errors()]
        raise Unsafe("\n".join(faults)) from None
    if not settings.is_development and (faults := unsafe(settings)):
        raise Unsafe("Production mode refuses these settings:\n" + "\n".join(f"  {fault}" for fault in faults))
    if settings.secret_key and _is_weak(settings.secret_key):
        raise Unsafe(f"{WEAK}; or leave it empty on your own machine.")
    return settings


def unsafe(settings: Settings) -> list[str]:
    """What must not be so in production, a sentence each."""
    faults: list[str] = []
    if not settings.database_url:
        faults.append("ATRIUM_DATABASE_URL is empty: name a PostgreSQL server; the embedded one is for one machine.")
    if _is_weak(settings.secret_key):
        faults.append(WEAK)
    if not settings.public_url.startswith("https://"):
        faults.append("ATRIUM_PUBLIC_URL must begin with https://: session cookies are not sent over http.")
    if "*" in settings.allowed_origins:
        faults.append("ATRIUM_ALLOWED_ORIGINS must name origins; * would let any page act as your people.")
    return faults


def _is_weak(secret_key: str) -> bool:
    return any(len(key.strip()) < 32 for key in secret_key.split(","))


def own_secret(path: Path, length: int = 32) -> bytes:
    """The secret in a file of mode 0600, made on first use; processes that start together agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(length))
        try:
            os.link(fresh, path)  # fails if another process was first
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip().encode()
