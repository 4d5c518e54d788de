"""Media routes: video, thumbnail, pose, back, frame times by signed address; streamed uploads.

Nothing here knows Streamlit: `routes` goes into ``st.App(..., routes=...)``. Whoever holds an
address may read that one clip until it expires.
"""

import gzip
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from labeler.app.inbox import safe_name
from labeler.core.clip import Clip, ClipId
from labeler.core.errors import LabelerError, UsageError

if TYPE_CHECKING:
    from labeler.workflows.beside import Beside

MEDIA_PATH = "/labeler/media"
UPLOAD_PATH = "/labeler/upload"

TOKEN_LIFETIME_S = 12 * 3600
"""An address works at least this long: a working day."""

TOKEN_STEP_S = 3600
"""Addresses change only this often, so that reruns within it hand out the same ones."""

MAX_UPLOAD_BYTES = 8 * 1024**3
"""Default size limit of one uploaded file: 8 GiB."""

CACHE_CONTROL = f"private, max-age={TOKEN_STEP_S}, immutable"
"""A clip is known by its content, so what an address names never changes."""

NOT_KEPT = "private, no-store"
"""What depends on where repetitions were cut and how they were rated is asked for anew."""


class MediaSource(Protocol):
    """Where the bytes come from; `LabelerError` means that there is nothing of that clip."""

    def video(self, clip_id: ClipId) -> Path:
        """The proxy that the browser plays."""

    def thumbnail(self, clip_id: ClipId) -> Path:
        """A JPEG or PNG of the clip."""

    def pose(self, clip_id: ClipId) -> bytes:
        """float32 little-endian, (n_frames, 33, 3): x_px, y_px, visibility; NaN where missing."""

    def back(self, clip_id: ClipId) -> bytes:
        """float32 little-endian, (n_frames, n_stations, 2): x_px, y_px of the back's outline.

        NaN where it was not seen; no bytes at all where the clip has no outline.
        """

    def pts(self, clip_id: ClipId) -> bytes:
        """float64 little-endian, (n_frames,): seconds since the first frame, as the file plays."""

    def courses(self, clip_id: ClipId, rater: str) -> bytes:
        """Hips and torso through each repetition, as `labeler.workflows.courses.packed` says."""

    def beside(self, clip_id: ClipId, rater: str) -> "Sequence[Beside]":
        """What there is to see beside each repetition."""

    async def receive_upload(self, name: str, chunks: AsyncIterator[bytes], *, told: str) -> None:
        """Stream a file to disk; when `chunks` raises, nothing may stay behind.

        `told` is what the address was signed with: what is known about the file.
        """


class TokenError(UsageError):
    """A signed address or receipt is not one of ours."""


class TokenExpiredError(TokenError):
    """A signed address was ours and is too old."""


@dataclass(frozen=True, slots=True)
class MediaUrls:
    """The addresses of one clip."""

    video: str
    thumbnail: str
    pose: str
    back: str
    pts: str


class MediaSigner:
    """Signs addresses with a secret that lives as long as the server process.

    Parameters
    ----------
    secret : str | None
        None draws a random one.
    clock : Callable[[], float]
        Seconds since the epoch.
    """

    def __init__(
        self, secret: str | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._secret = secret or secrets.token_hex(32)
        self._clock = clock

    def urls(self, clip_id: ClipId) -> MediaUrls:
        """Addresses of everything about one clip; the same ones for up to `TOKEN_STEP_S`."""
        base = f"{MEDIA_PATH}/{self._sign('clip', clip_id)}"
        return MediaUrls(*(f"{base}/{what}" for what in ("video", "thumbnail", *_NUMBERS)))

    def courses_url(self, clip_id: ClipId, rater: str) -> str:
        """Address of the courses of a clip's repetitions, with what the rater found good.

        What is beside them is beside it: the same address that ends in ``beside``.
        """
        token = self._sign("courses", json.dumps([clip_id, rater]))
        return f"{MEDIA_PATH}/{token}/courses"

    def upload_url(self, told: str) -> str:
        """Address to upload to; `told` comes with every file that is sent there."""
        return f"{UPLOAD_PATH}/{self._sign('upload', told)}"

    def read(self, kind: str, token: str) -> str:
        """What was signed as `kind`.

        Raises
        ------
        TokenExpiredError
            If it is too old.
        TokenError
            If it was not signed by this process, or as something else.
        """
        try:
            subject, expires_s = self._serializer(kind).loads(token)
        except BadSignature:
            raise TokenError(
                "address: expected one signed by this server, got another.",
                hint="Reload the page.",
            ) from None
        if self._clock() >= expires_s:
            raise TokenExpiredError(
                "address: expected one still valid, got an expired one.", hint="Reload the page."
            )
        return str(subject)

    def _sign(self, kind: str, subject: str) -> str:
        step = int(self._clock() // TOKEN_STEP_S) + 1
        return self._serializer(kind).dumps([subject, step * TOKEN_STEP_S + TOKEN_LIFETIME_S])

    def _serializer(self, kind: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret, salt=f"labeler.media.{kind}")


def routes(
    source: MediaSource, signer: MediaSigner, *, max_upload_bytes: int = MAX_UPLOAD_BYTES
) -> list[Route]:
    """Routes for `st.App`: GET under `MEDIA_PATH`, POST under `UPLOAD_PATH`.

    Notes
    -----
    Answers: 206 for a range of the video and 416 for one outside it, 403 for an address that is not
    ours, 410 for an expired one, 404 where the source has nothing, 413 for an upload that is too
    large. Errors are JSON with `message` and `hint`.
    """
    media = _Media(source, signer)
    upload = _Uploads(source, signer, max_upload_bytes)
    get = f"{MEDIA_PATH}/{{token}}"
    return [
        Route(f"{get}/video", _answering(media.video), methods=["GET"]),
        Route(f"{get}/thumbnail", _answering(media.thumbnail), methods=["GET"]),
        Route(f"{get}/courses", _answering(media.courses), methods=["GET"]),
        Route(f"{get}/beside", _answering(media.beside), methods=["GET"]),
        *(
            Route(f"{get}/{what}", _answering(partial(media.numbers, what)), methods=["GET"])
            for what in _NUMBERS
        ),
        Route(f"{UPLOAD_PATH}/{{token}}", _answering(upload.receive), methods=["POST"]),
    ]


_NUMBERS = ("pose", "back", "pts")
"""What is sent as plain numbers, in the order of `MediaUrls`."""


class _Media:
    """Answers for what a clip's address names."""

    def __init__(self, source: MediaSource, signer: MediaSigner) -> None:
        self._source = source
        self._signer = signer

    async def video(self, request: Request) -> Response:
        return await self._file(request, self._source.video)

    async def thumbnail(self, request: Request) -> Response:
        return await self._file(request, self._source.thumbnail)

    async def numbers(self, what: str, request: Request) -> Response:
        source = {"pose": self._source.pose, "back": self._source.back, "pts": self._source.pts}
        content = await run_in_threadpool(source[what], self._clip(request))
        return await _binary(request, content)

    async def courses(self, request: Request) -> Response:
        content = await run_in_threadpool(self._source.courses, *self._rated(request))
        return await _binary(request, content, keep=NOT_KEPT)

    async def beside(self, request: Request) -> Response:
        found = await run_in_threadpool(self._source.beside, *self._rated(request))
        rows = [{**one.as_row(), **self._picture(one.clip)} for one in found]
        return JSONResponse(rows, headers={"Cache-Control": NOT_KEPT})

    def _picture(self, clip: Clip) -> dict[str, object]:
        """What a stage of the player needs to show a clip."""
        urls = self._signer.urls(clip.clip_id)
        return {
            "video_url": urls.video if clip.is_video_present else None,
            "pts_url": urls.pts,
            "pose_url": urls.pose,
            "time_scale": clip.time_scale,
            "size": [clip.width_px, clip.height_px],
        }

    def _rated(self, request: Request) -> tuple[ClipId, str]:
        clip_id, rater = json.loads(self._signer.read("courses", request.path_params["token"]))
        return ClipId(clip_id), str(rater)

    def _clip(self, request: Request) -> ClipId:
        return ClipId(self._signer.read("clip", request.path_params["token"]))

    async def _file(self, request: Request, find: Callable[[ClipId], Path]) -> Response:
        path = await run_in_threadpool(find, self._clip(request))
        if not path.is_file():
            raise FileNotFoundError(path.name)
        return FileResponse(path, headers={"Cache-Control": CACHE_CONTROL})


class _Uploads:
    """Takes in files, one request body each."""

    def __init__(self, source: MediaSource, signer: MediaSigner, max_bytes: int) -> None:
        self._source = source
        self._signer = signer
        self._max_bytes = max_bytes

    async def receive(self, request: Request) -> Response:
        told = self._signer.read("upload", request.path_params["token"])
        name = safe_name(request.query_params.get("name", ""))
        self._check_size(int(request.headers.get("content-length", "0")))
        await self._source.receive_upload(name, self._limited(request.stream()), told=told)
        return JSONResponse({"name": name})

    async def _limited(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        n_bytes = 0
        async for chunk in chunks:
            n_bytes += len(chunk)
            self._check_size(n_bytes)
            if chunk:
                yield chunk

    def _check_size(self, n_bytes: int) -> None:
        if n_bytes > self._max_bytes:
            raise _UploadTooLargeError(self._max_bytes)


class _UploadTooLargeError(UsageError):
    """An upload is larger than this server takes."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(
            f"upload: expected at most {max_bytes / 1024**2:.0f} MiB, got more.",
            hint="Trim the video, or add it with `labeler ingest`.",
        )


async def _binary(request: Request, content: bytes, *, keep: str = CACHE_CONTROL) -> Response:
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        content = await run_in_threadpool(gzip.compress, content, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(content, headers=headers, media_type="application/octet-stream")


_Endpoint = Callable[[Request], Awaitable[Response]]


def _answering(endpoint: _Endpoint) -> _Endpoint:
    """Turn what a user can meet into the right HTTP answer."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ClientDisconnect:
            raise HTTPException(499) from None  # nobody is left to read it
        except (LabelerError, FileNotFoundError) as error:
            return _refusal(error)

    return answer


def _refusal(error: LabelerError | FileNotFoundError) -> Response:
    if isinstance(error, LabelerError):
        message, hint = error.message, error.hint
    else:
        message, hint = f"file: expected {error}, got none.", "Ingest the clip again."
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 404)
    return JSONResponse({"message": message, "hint": hint}, status_code=status)


_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (TokenExpiredError, 410),
    (TokenError, 403),
    (_UploadTooLargeError, 413),
)
