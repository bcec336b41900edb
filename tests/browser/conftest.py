"""A real browser against a real server, with the pretend networks behind it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.servers.reached import pretend  # noqa: F401  # a fixture

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = "no Chromium on this machine"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 375, "height": 812}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The system's Chromium, gone with a file's last test: Playwright's loop would be in the way of other tests."""
    from playwright.sync_api import sync_playwright

    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(NO_BROWSER)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the loop runs in this thread; nothing here awaits
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page in a browser in which somebody has signed in, and everything that its console has complained about."""

    page: Any
    address: str
    complaints: list[str] = field(default_factory=list)

    def hear(self, said: Any) -> None:
        """Keep what the console complains about."""
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    def fail(self, error: Exception) -> None:
        """Keep an error that no script has caught."""
        self.complaints.append(str(error))

    def to(self, path: str) -> Any:
        """Open a path and wait until the charts on it stand."""
        self.page.goto(self.address + path)
        self.page.wait_for_function("() => !document.querySelector('figure[data-chart]:not([data-state])')")
        return self.page


@pytest.fixture
def visit(chromium: Any, live_server: Any) -> Iterator[Callable[..., Visit]]:
    """Sign somebody in and open a browser, wide and light unless said otherwise."""
    contexts = []

    def visit(user: Any, **how: Any) -> Visit:
        context = chromium.new_context(**{"viewport": WIDE, "color_scheme": "light", "locale": "en-GB", **how})
        contexts.append(context)
        session = Client()
        session.force_login(user)
        cookie = session.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        visited = Visit(context.new_page(), live_server.url)
        visited.page.on("console", visited.hear)
        visited.page.on("pageerror", visited.fail)
        return visited

    yield visit
    for context in contexts:
        context.close()
