"""A process beside the app that is started again when it ends by itself."""

import logging
import subprocess
import threading
import time
from collections.abc import Sequence

log = logging.getLogger("clientele")

SHORTEST, LONGEST = 1.0, 60.0  # seconds before it is started again
STEADY = 60.0  # seconds after which a process counts as one that works


def pause_after(before: float, lasted: float) -> float:
    """Seconds to wait before the next start: twice as long each time, up to a minute.

    `before` is the pause before the last start (0 for the first), `lasted` how many
    seconds the process ran: after a minute of work, counting begins anew.
    """
    if lasted >= STEADY or not before:
        return SHORTEST
    return min(2 * before, LONGEST)


class Supervisor:
    """Keeps `command` running until `stop`.

    Its standard input is a pipe that ends when this process does, however it ends.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._stopping = threading.Event()
        self._lock = threading.Lock()  # nothing is started once it is to stop
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start the process, and watch it from a thread."""
        self._thread.start()

    def stop(self, seconds: float = 10) -> None:
        """End the process, kindly at first; return when it is gone."""
        self._stopping.set()
        with self._lock:
            process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(seconds)

    def _keep(self) -> None:
        pause = 0.0
        while not self._stopping.is_set():
            began = time.monotonic()
            how = self._run()
            if self._stopping.is_set():
                return
            pause = pause_after(pause, time.monotonic() - began)
            log.warning(
                "The worker has ended (%s); it is started again in %.0f s.", how, pause
            )
            self._stopping.wait(pause)

    def _run(self) -> int | OSError | None:
        """A process from its start to its end: its exit code, or why it is none."""
        try:
            with self._lock:
                if self._stopping.is_set():
                    return None
                process = self._process = subprocess.Popen(  # noqa: S603  (our own)
                    self._command, stdin=subprocess.PIPE
                )
        except OSError as error:  # no memory, no file: later there may be
            return error
        return process.wait()
