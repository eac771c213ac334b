"""A tab of the app without a browser: Streamlit's socket, and every byte it brings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

STREAM = "/_stcore/stream"
PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Tab:
    """An open tab; `open` asks for a page as a link would."""

    socket: ClientConnection

    def open(self, page: str, query: str = "", *, script: str = "") -> bytes:
        """All that is sent until the page stands.

        `script` is the hash of a page's script, which a browser sends on a click.
        """
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        message.rerun_script.page_script_hash = script
        self.socket.send(message.SerializeToString())
        frames = [self._received()]
        while not _is_last(frames[-1]):
            frames.append(self._received())
        return b"".join(frames)

    def _received(self) -> bytes:
        frame = self.socket.recv(timeout=PATIENCE)
        return frame if isinstance(frame, bytes) else frame.encode()


@contextmanager
def tab(url: str, *, session: str = "", **headers: str) -> Iterator[Tab]:
    """A tab whose browser has the cookie of `session`."""
    if session:
        headers["cookie"] = f"crm_session={session}"
    with connect(
        url.replace("http", "ws", 1) + STREAM,
        subprotocols=["streamlit", "x"],
        additional_headers=headers,
        compression=None,
        max_size=None,
        open_timeout=PATIENCE,
    ) as socket:
        yield Tab(socket)


def _is_last(frame: bytes) -> bool:
    """Whether a run has ended; one that only gave way to the next has not."""
    message = ForwardMsg.FromString(frame)
    is_end = message.WhichOneof("type") == "script_finished"
    return is_end and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
