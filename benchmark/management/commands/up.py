import os
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command, get_commands
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from accounts.models import Workspace
from accounts.vault import NEW_KEY
from benchmark.embedded.locks import Lock
from benchmark.management import preflight, static_files
from benchmark.management.process_tree import ProcessTree, Program, python

SERVES_WITHIN = 60.0


class Command(BaseCommand):
    help = "Run everything: engines (unless you have your own), migrations, web, worker and beat, in one process tree."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "Example: PORT=8080 python manage.py up\n\nCtrl-C ends all of it."
        parser.add_argument("--no-demo", action="store_true", help="make no demo workspace in an empty database")

    def handle(self, *_: Any, **options: Any) -> None:
        tree = ProcessTree(programs(settings.PORT), environment=os.environ, say=self.say)
        tree.stop_on_signals()
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        alone = Lock(settings.DATA_DIR / "up.lock")
        if not alone.take():
            refuse(f"Yardstick already runs from {settings.DATA_DIR}. Stop it first, or give another DATA_DIR.")
        refuse(preflight.port_problem(settings.PORT))
        if problem := preflight.encryption_problem():
            refuse(f"{problem} Make one: {NEW_KEY}")
        refuse(preflight.database_problem())
        refuse(preflight.redis_problem())
        self.prepare()
        wants_demo = not options["no_demo"] and settings.EMBEDDED and not Workspace.objects.exists()
        connections.close_all()
        try:
            if not tree.stopping:
                self.run(tree, wants_demo=wants_demo)
        finally:
            self.say("Stopping …")
            tree.stop()

    def prepare(self) -> None:
        """Bring rows and static files up to date."""
        (settings.DATA_DIR / "beat").mkdir(exist_ok=True)
        executor = MigrationExecutor(connection)
        if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say(f"Bringing the database up to date ({len(waiting)} steps) …")
            call_command("migrate", interactive=False, verbosity=0)
        if static_files.gather():
            self.say("Gathered the static files.")

    def run(self, tree: ProcessTree, *, wants_demo: bool) -> None:
        """Start everything, say where it is, and stay until it is time to end."""
        tree.start("web")
        if not served(tree):
            self.say("" if tree.stopping else "The web server does not answer; its lines above say why.")
            raise SystemExit(0 if tree.stopping else 1)
        tree.start("worker", "beat")  # once the first page is there: all at once they would keep it waiting
        self.say(f"\nYardstick is running on {settings.SITE_URL}  (Ctrl-C ends it)")
        if wants_demo and "demo" in get_commands():
            call_command("demo", "--create")
            connections.close_all()
        while tree.watch():
            continue
        if not tree.stopping:
            raise SystemExit(1)

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def refuse(problem: str | None) -> None:
    """Where something stands in the way: one sentence, no traceback, and a status that says nothing was started."""
    if problem is not None:
        print(problem, file=sys.stderr, flush=True)
        raise SystemExit(2)


def programs(port: int) -> list[Program]:
    """Web, worker and beat. The web process answers on loopback; a proxy in front of it takes it to the world."""
    celery = python("-W", "ignore:You're running the worker", "-m", "celery", "--app", "tasks", "--quiet")
    return [
        Program(
            "web",
            python(
                *("-m", "granian", "benchmark.management.serving:application", "--interface", "wsgi"),
                *("--host", "127.0.0.1", "--port", str(port), "--no-ws", "--log-level", "warning"),
                *("--workers", "1", "--blocking-threads", "2", "--workers-kill-timeout", "4"),
            ),
        ),
        Program("worker", [*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]),
        Program("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""]),
    ]


def served(tree: ProcessTree) -> bool:
    """Wait until the web server answers that it is well."""
    deadline = time.monotonic() + SERVES_WITHIN
    while time.monotonic() < deadline and tree.watch(0.1):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{settings.PORT}/health/?format=text", timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as problem:
            if problem.code < 500:
                return True
        except OSError:
            continue
    return False
