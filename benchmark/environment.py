"""What the operator said: the environment, a `.env` file beside `manage.py`, and where our own data lies.

Stands apart from the settings because the engines must be known, and running, before Django reads its settings.
"""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")  # what the environment says already wins


def data_dir() -> Path:
    """Everything this installation keeps that is neither code nor in your own database."""
    folder: str = env.str("DATA_DIR", default="") or "var"
    return (BASE_DIR / Path(folder).expanduser()).resolve()


def own_database() -> str:
    """The operator's PostgreSQL, or an empty string: then the embedded one is used."""
    return str(env.str("DATABASE_URL", default="")).strip()


def own_redis() -> str:
    """The operator's Redis or Valkey, or an empty string: then the embedded one is used."""
    return str(env.str("REDIS_URL", default="")).strip()
