"""``manage.py serve``: everything ``make run`` does after installing, from an empty folder to a served site."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tracker.curation import founding, rebuilding
from tracker.delivery.snapshots import ordering as snapshots
from tracker.management.supervisor import Child, Supervisor

START_SECONDS = 60


class Command(BaseCommand):
    help = "Prepare the database, load the founding data if it is empty, and run the web server and a worker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets other machines in; see ALLOWED_HOSTS")

    def handle(self, *args: Any, port: int, host: str, **options: Any) -> None:
        refuse_taken_port(host, port)
        self._prepare()
        supervisor = Supervisor(_web(host, port), _worker(port), self._say)
        supervisor.stop_on_signals()
        try:
            supervisor.start()
            self._serve(supervisor, f"http://{_reachable(host)}:{port}/healthz", port)
        finally:
            self._say("stopping …")
            supervisor.stop()

    def _prepare(self) -> None:
        call_command("migrate", verbosity=0, stdout=self.stdout)
        if founding.is_empty():
            self._say("loading the founding data; this takes some seconds, once …")
            call_command("load_founding_data", stdout=self.stdout, stderr=self.stderr)
        else:
            self._report_drift()
        if rebuilding.outdated():
            self._say("making anew what this release derives differently; this takes some seconds, once …")
            call_command("rebuild", stdout=self.stdout)
        call_command("create_logins", stdout=self.stdout)
        call_command("collectstatic", interactive=False, verbosity=0, stdout=self.stdout)
        snapshots.order_if_changed(now=timezone.now())  # made by the worker, so that there is one on the first day

    def _report_drift(self) -> None:
        drift = founding.drift(settings.FIXTURES_DIR)
        self._say(
            f"the database is kept as it is: {drift.same} entries are as in the fixtures, {len(drift.changed)} were "
            f"edited since, {len(drift.missing)} fixtures are not in it (manage.py load_founding_data names them)"
        )

    def _serve(self, supervisor: Supervisor, health: str, port: int) -> None:
        if supervisor.wait_until_served(health, START_SECONDS):
            self._say(f"\n  {_site_url(port)}          the tracker\n  {_site_url(port)}/admin/   for editors\n"
                      f"  {_site_url(port)}/api/v1/  for programs\n\nCtrl-C stops it.")  # fmt: skip
            supervisor.watch()
        if not supervisor.stopping:
            raise CommandError(f"the web server ended (code {supervisor.web.exit_code}) or did not answer; see above")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def refuse_taken_port(host: str, port: int) -> None:
    """
    :raises CommandError: somebody listens there already.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"port {port} of {host} cannot be had ({error.strerror}); "
                               f"another one: make run PORT={port + 1}") from error  # fmt: skip


def _reachable(host: str) -> str:
    """Where a server that listens on a host can be asked."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)


def _site_url(port: int) -> str:
    return os.environ.get("SITE_URL") or f"http://localhost:{port}"


def _environment(port: int) -> dict[str, str]:
    return {**os.environ, "SITE_URL": _site_url(port)}


def _web(host: str, port: int) -> Child:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [sys.executable, "-m", "gunicorn", "tracker.wsgi", "--bind", bind, "--workers", "2", "--threads", "8",
               "--timeout", "60", "--limit-request-line", "8190", "--log-level", "warning",
               "--no-control-socket"]  # fmt: skip
    return Child("web", command, _environment(port))


def _worker(port: int) -> Child:
    quiet_root = "ignore:You're running the worker with superuser privileges"
    command = [sys.executable, "-W", quiet_root, "-m", "celery", "-A", "tracker", "-q", "worker", "-B",
               "--pool=threads", "--concurrency=2", "--without-gossip", "--without-mingle",
               "--loglevel=WARNING"]  # fmt: skip
    return Child("worker", command, _environment(port))
