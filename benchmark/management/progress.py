"""A progress bar for people who wait in front of a terminal; silent where the output goes into a file or a pipe."""

from __future__ import annotations

import sys
from typing import Self, TextIO

WIDTH = 30


class Progress:
    """So much of so many. Writes to standard error, so that what a command prints stays clean."""

    def __init__(self, of: int, *, what: str, stream: TextIO | None = None) -> None:
        self.of = of
        self.what = what
        self.done = 0
        self.stream = stream or sys.stderr
        self.shown = self.stream.isatty() and of > 0

    def __enter__(self) -> Self:
        self.draw()
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown:
            self.stream.write("\r\x1b[K")  # the line is left as it was found
            self.stream.flush()

    def step(self, by: int = 1) -> None:
        """One more is done."""
        self.done += by
        self.draw()

    def draw(self) -> None:
        if self.shown:
            full = WIDTH * min(self.done, self.of) // self.of
            self.stream.write(f"\r\x1b[K{self.what} [{'#' * full}{'.' * (WIDTH - full)}] {self.done} of {self.of}")
            self.stream.flush()
