"""Run a Streamlit app in its own process, and wait for it as a user would."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
IDLE = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    return app && app.dataset.testScriptState === 'notRunning'
        && app.dataset.testConnectionState === 'CONNECTED';
}"""


@contextmanager
def serve(script: Path, log: Path, **environment: str) -> Iterator[str]:
    """Address of the app at `script`, running with more `environment`; then ends it."""
    with running(script, log, **environment) as (address, _process):
        yield address


@contextmanager
def running(
    script: Path, log: Path, **environment: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The same, with the process that serves it."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(script)),
        *(f"--server.port={port}", "--server.address=127.0.0.1"),
        "--server.fileWatcherType=none",
    ]
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for_health(port, process, log)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(20)


def settle(page: Page) -> None:
    """Wait until the script has run and the page is connected."""
    page.wait_for_function(IDLE, timeout=60_000)


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def _wait_for_health(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/_stcore/health", timeout=2
            ):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The app did not start:\n{log.read_text()}")
