"""The server that `journal.py` kills: what the page does with a commit, without the page.

``python benchmarks/journal_server.py DATASET`` prints the port that it listens on. A connection is
one browser session: each line is a commit as the player sends it. It is answered with a line of
receipts after the operations were recorded and the clip was read again, as in a rerun of the page.
"""

import contextlib
import json
import socketserver
import sys
from pathlib import Path

from labeler.store.dataset import Dataset
from labeler.workflows.labeling import labeling_state, receive
from labeler.workflows.operations import Receipts, parse_commit

DATASETS: list[Dataset] = []
"""The dataset that this process serves: one object for all threads, as in the app."""


class Session(socketserver.StreamRequestHandler):
    """One browser session; its receipts are forgotten when it ends."""

    def handle(self) -> None:
        """Receive until the other side is gone."""
        with contextlib.suppress(ConnectionError):
            self._receive()

    def _receive(self) -> None:
        (dataset,), receipts = DATASETS, Receipts()
        for line in self.rfile:
            batch = parse_commit(json.loads(line))
            receive(dataset, batch, receipts)
            labeling_state(dataset, dataset.clips.get(batch.clip_id), batch.rater)
            told = {"acks": receipts.acks, "refused": [one.message for one in receipts.refused]}
            self.wfile.write(json.dumps(told).encode() + b"\n")


class Server(socketserver.ThreadingTCPServer):
    """A thread per session."""

    daemon_threads = True


def main(folder: str) -> None:
    """Serve until killed."""
    DATASETS.append(Dataset.open(Path(folder), create=False))
    with Server(("127.0.0.1", 0), Session) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
