"""Static files are gathered once per change, so that a second start serves its first page at once."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from benchmark.embedded.locks import Lock


def gather() -> bool:
    """Bring the gathered files up to date; True when there was something to do."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    lock = Lock(root.with_suffix(".lock"))
    try:
        lock.wait(120)
        stamp, now = root / ".gathered", fingerprint()
        if stamp.exists() and stamp.read_text() == now:
            return False
        # From nothing: by itself it would keep a newer copy of an older file, as after going back a version.
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(now)
        return True
    finally:
        lock.close()


def fingerprint() -> str:
    """Changes whenever a file is added, taken away or changed."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
