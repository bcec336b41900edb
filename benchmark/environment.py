"""What the operator said: the environment, a `.env` file beside `manage.py`, and where our own data lies.

Stands apart from the settings because the engines must be known, and running, before Django reads its settings.
"""

import json
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
PRETEND_FILE = "pretend.json"  # under `DATA_DIR`

env = environ.Env()
env.read_env(BASE_DIR / ".env")  # what the environment says already wins


def given(name: str, default: str = "") -> str:
    """What the operator gave; an empty value is the same as none, as in a copied `.env.example`."""
    return str(env.str(name, default="")).strip() or default


def data_dir() -> Path:
    """Everything this installation keeps that is neither code nor in your own database."""
    return (BASE_DIR / Path(given("DATA_DIR", "var")).expanduser()).resolve()


def own_database() -> str:
    """The operator's PostgreSQL, or an empty string: then the embedded one is used."""
    return given("DATABASE_URL")


def own_redis() -> str:
    """The operator's Redis or Valkey, or an empty string: then the embedded one is used."""
    return given("REDIS_URL")


def pretend_url() -> str | None:
    """Where the demo's pretend networks listen; None where they do not run."""
    try:
        return str(json.loads((data_dir() / PRETEND_FILE).read_text())["address"])
    except FileNotFoundError:
        return None
