"""``python -m labeler.app`` serves the workbench; `labeler app` starts this program."""

import argparse
from pathlib import Path

from labeler.app.server import build_app, run

parser = argparse.ArgumentParser(prog="labeler app")
parser.add_argument("--dataset", type=Path, required=True)
parser.add_argument("--models", type=Path, required=True)
parser.add_argument("--address", default="localhost")
parser.add_argument("--port", type=int, default=8501)
parser.add_argument("--no-browser", action="store_true")
told = parser.parse_args()
run(
    build_app(dataset=told.dataset.resolve(), models=told.models.resolve()),
    address=told.address,
    port=told.port,
    opens_browser=not told.no_browser,
)
