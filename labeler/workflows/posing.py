"""A thread that runs the pose network while the caller decodes and encodes.

MediaPipe, FFmpeg and x264 all release the interpreter's lock, so two threads keep two cores busy.
"""

import queue
import threading
import time
from types import TracebackType
from typing import Self

from labeler.core.arrays import ByteImage
from labeler.pose.estimator import Pose, PoseEstimator

WAITING_FRAMES = 12
"""Pictures that may wait for the network: enough to bridge a fresh look, at most 33 MB."""

_Item = tuple[ByteImage, float]


class PoseThread:
    """Follows people through the pictures that are put in, in their order.

    An error of the network surfaces from `put` or `poses`. Leaving the block early stops the
    thread after the frame it is at.
    """

    def __init__(self, estimator: PoseEstimator) -> None:
        self._estimator = estimator
        self._waiting: queue.Queue[_Item | None] = queue.Queue(WAITING_FRAMES)
        self._poses: list[list[Pose]] = []
        self._error: BaseException | None = None
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pose", daemon=True)
        self.busy_s = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_stopped.set()
        self._join()

    def put(self, rgb: ByteImage, at_s: float) -> None:
        """Hand over the next picture; waits while too many are waiting."""
        self._raise_error()
        self._waiting.put((rgb, at_s))

    def poses(self) -> list[list[Pose]]:
        """Wait for the last picture, then give the people of every frame."""
        self._join()
        self._raise_error()
        return self._poses

    def _run(self) -> None:
        """Take pictures until None comes; after an error or a stop, only empty the queue."""
        while (item := self._waiting.get()) is not None:
            if self._error is None and not self._is_stopped.is_set():
                self._track(*item)

    def _track(self, rgb: ByteImage, at_s: float) -> None:
        started_s = time.perf_counter()
        try:
            self._poses.append(self._estimator.track(rgb, at_s))
        except BaseException as error:  # noqa: BLE001  (raised again in the caller's thread)
            self._error = error
        self.busy_s += time.perf_counter() - started_s

    def _join(self) -> None:
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error
