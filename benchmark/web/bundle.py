"""The script that draws charts in the browser: Vega, Vega-Lite and vega-embed in one file, made once per version.

It comes out of vl-convert's wheel: no page asks a CDN, nothing needs Node. A process that has used vl-convert
must never fork, and a forked one must not use it: the bundle is made in a process of its own, and kept in `DATA_DIR`.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

SNIPPET = "window.vegaEmbed = vegaEmbed;"
MAKE = "import sys, vl_convert; sys.stdout.write(vl_convert.javascript_bundle(sys.argv[1]))"
TIME_LIMIT = 120  # seconds; it takes about two


@cache
def wheel_version() -> str:
    """The version that names the file, and that its address carries."""
    return version("vl-convert-python")


def packed() -> Path:
    """The bundle, gzipped; made on the first call after an installation or an upgrade."""
    target = Path(settings.DATA_DIR) / "charts" / f"{wheel_version()}.js.gz"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _put(_made(), target)
    return target


def _made() -> bytes:
    command = [sys.executable, "-c", MAKE, SNIPPET]
    return subprocess.run(command, check=True, capture_output=True, timeout=TIME_LIMIT).stdout


def _put(script: bytes, target: Path) -> None:
    """In one step, so that two workers that make it at once both leave a whole file."""
    with NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as part:
        part.write(gzip.compress(script, mtime=0))
    Path(part.name).replace(target)


def unpacked() -> bytes:
    """The bundle for the few clients that take no gzip."""
    return gzip.decompress(packed().read_bytes())
