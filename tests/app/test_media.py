import asyncio
import gzip
import json
import math
import struct
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from labeler.app.inbox import UploadFolder, safe_name
from labeler.app.media import (
    TOKEN_LIFETIME_S,
    TOKEN_STEP_S,
    MediaSigner,
    TokenError,
    routes,
)
from labeler.core.errors import StoreError

CLIP = "ab" * 32
VIDEO = bytes(range(256)) * 8
POSE = struct.pack("<6f", 1.5, 2.5, 1.0, math.nan, math.nan, math.nan) * 33
BACK = struct.pack("<4f", 1.0, 2.0, math.nan, math.nan) * 13
PTS = struct.pack("<2d", 0.0, 0.04)


class Source:
    """One clip, its files in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.uploads = UploadFolder(folder / "incoming")
        (folder / "v.mp4").write_bytes(VIDEO)
        (folder / "t.jpg").write_bytes(b"jpeg")

    def _known(self, clip_id, value):
        if clip_id != CLIP:
            raise StoreError(
                f"clip: expected one of the dataset, got {clip_id}.", hint="Ingest it."
            )
        return value

    def video(self, clip_id):
        return self._known(clip_id, self.folder / "v.mp4")

    def thumbnail(self, clip_id):
        return self._known(clip_id, self.folder / "t.jpg")

    def pose(self, clip_id):
        return self._known(clip_id, POSE)

    def back(self, clip_id):
        return self._known(clip_id, BACK)

    def pts(self, clip_id):
        return self._known(clip_id, PTS)

    def courses(self, clip_id, rater):
        return self._known(clip_id, f"good of {rater}".encode())

    def beside(self, clip_id, rater):
        clip = SimpleNamespace(
            time_scale=0.125,
            clip_id=clip_id,
            is_video_present=rater == "Ann",
            width_px=6,
            height_px=4,
        )
        return self._known(clip_id, [SimpleNamespace(clip=clip, as_row=lambda: {"of": rater})])

    async def receive_upload(self, name, chunks, *, told):
        await self.uploads.receive(name, chunks, told=told)


class Reply:
    def __init__(self, messages):
        start = next(m for m in messages if m["type"] == "http.response.start")
        self.status = start["status"]
        self.headers = {k.decode().lower(): v.decode() for k, v in start["headers"]}
        self.body = b"".join(m.get("body", b"") for m in messages)


class Client:
    """Speaks ASGI to the routes; no network, no server."""

    def __init__(self, source, signer, **options):
        self.app = Starlette(routes=routes(source, signer, **options))

    def request(self, url, *, method="GET", headers=(), events=({"type": "http.request"},)):
        path, _, query = url.partition("?")
        scope = {
            "type": "http", "method": method, "path": path, "query_string": query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in headers], "http_version": "1.1",
            "asgi": {"spec_version": "2.4"},
        }  # fmt: skip
        queue, sent = list(events), []

        async def receive():
            return queue.pop(0) if queue else {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))
        return Reply(sent)

    def post(self, url, chunks, *, is_cut=False, headers=()):
        events = [{"type": "http.request", "body": c, "more_body": True} for c in chunks]
        events.append({"type": "http.disconnect"} if is_cut else {"type": "http.request"})
        return self.request(url, method="POST", headers=headers, events=events)


@pytest.fixture
def source(tmp_path):
    return Source(tmp_path)


@pytest.fixture
def signer():
    return MediaSigner("test secret")


@pytest.fixture
def client(source, signer):
    return Client(source, signer, max_upload_bytes=1000)


def test_the_whole_video(client, signer):
    reply = client.request(signer.urls(CLIP).video)
    assert (reply.status, reply.body) == (200, VIDEO)
    assert reply.headers["accept-ranges"] == "bytes"
    assert reply.headers["content-type"] == "video/mp4"


@pytest.mark.parametrize(
    ("asked", "status", "expected"),
    [
        ("bytes=0-9", 206, VIDEO[:10]),
        ("bytes=2040-", 206, VIDEO[2040:]),
        ("bytes=-5", 206, VIDEO[-5:]),
        ("bytes=5000-6000", 416, b""),
    ],
)
def test_ranges_of_the_video(client, signer, asked, status, expected):
    reply = client.request(signer.urls(CLIP).video, headers=[("range", asked)])
    assert reply.status == status
    if status == 206:
        assert reply.body == expected
    else:
        assert reply.headers["content-range"] == f"bytes */{len(VIDEO)}"


def test_courses_are_those_of_the_rater_and_not_kept(client, signer):
    reply = client.request(signer.courses_url(CLIP, "Ann"))
    assert (reply.status, reply.body) == (200, b"good of Ann")
    assert reply.headers["cache-control"] == "private, no-store"
    assert client.request(signer.courses_url("cd" * 32, "Ann")).status == 404
    pose = signer.urls(CLIP).pose.replace("/pose", "/courses")
    assert client.request(pose).status == 403


def test_pictures_beside_come_with_addresses(client, signer):
    def asked(rater):
        url = signer.courses_url(CLIP, rater)
        reply = client.request(f"{url.removesuffix('/courses')}/beside?of=1")
        assert reply.headers["cache-control"] == "private, no-store"
        (row,) = json.loads(reply.body)
        return row

    row, urls = asked("Ann"), signer.urls(CLIP)
    assert row == {
        "of": "Ann", "size": [6, 4], "time_scale": 0.125, "video_url": urls.video,
        "pts_url": urls.pts, "pose_url": urls.pose,
    }  # fmt: skip
    assert asked("Bob")["video_url"] is None
    assert client.request(row["pts_url"]).body == PTS


def test_pose_is_gzipped_for_those_who_take_it(client, signer):
    plain = client.request(signer.urls(CLIP).pose)
    packed = client.request(signer.urls(CLIP).pose, headers=[("accept-encoding", "gzip, br")])
    assert plain.body == POSE
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == POSE
    assert len(packed.body) < len(POSE)


def test_the_line_of_the_back(client, signer):
    assert client.request(signer.urls(CLIP).back).body == BACK


def test_times_and_thumbnail(client, signer):
    assert struct.unpack("<2d", client.request(signer.urls(CLIP).pts).body) == (0.0, 0.04)
    assert client.request(signer.urls(CLIP).thumbnail).headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("what", ["video", "thumbnail", "pose", "back", "pts"])
def test_a_clip_that_is_gone(client, signer, what):
    reply = client.request(getattr(signer.urls("cd" * 32), what))
    assert reply.status == 404
    assert b"expected one of the dataset" in reply.body


def test_a_file_that_is_gone(client, source, signer):
    (source.folder / "v.mp4").unlink()
    reply = client.request(signer.urls(CLIP).video)
    assert (reply.status, b"expected v.mp4, got none" in reply.body) == (404, True)


def test_a_forged_address(client):
    reply = client.request(MediaSigner("another secret").urls(CLIP).video)
    assert (reply.status, b"signed by this server" in reply.body) == (403, True)


def test_an_upload_address_opens_no_video(client, signer):
    token = signer.upload_url(CLIP).rpartition("/")[2]
    assert client.request(f"/labeler/media/{token}/video").status == 403


@pytest.mark.parametrize("path", ["..%2f..%2fetc%2fpasswd", "../../etc/passwd", "%00"])
def test_no_path_reaches_the_disk(client, path):
    assert client.request(f"/labeler/media/{path}/video").status in (403, 404)


def test_an_address_expires(source):
    now_s = [1_000_000.0]
    signer = MediaSigner("s", clock=lambda: now_s[0])
    client, url = Client(source, signer), signer.urls(CLIP).video
    now_s[0] += TOKEN_LIFETIME_S
    assert client.request(url).status == 200
    now_s[0] += TOKEN_STEP_S
    assert client.request(url).status == 410


def test_addresses_hold_still_between_reruns():
    now_s = [TOKEN_STEP_S * 10.0]
    signer = MediaSigner("s", clock=lambda: now_s[0])
    first = signer.urls(CLIP)
    now_s[0] += TOKEN_STEP_S - 1
    assert signer.urls(CLIP) == first
    now_s[0] += 1
    assert signer.urls(CLIP) != first


def test_secrets_are_drawn_per_process():
    with pytest.raises(TokenError):
        MediaSigner().read("clip", MediaSigner().urls(CLIP).pts.split("/")[3])


def test_an_upload_arrives_whole_and_keeps_its_name(client, source, signer):
    reply = client.post(
        f"{signer.upload_url('s1')}?name=deadlift%20%C3%A9.mp4", [b"ab", b"", b"cd"]
    )
    assert reply.status == 200
    ((path, told),) = source.uploads.waiting()
    assert (path.name, path.read_bytes(), told) == ("deadlift é.mp4", b"abcd", "s1")
    source.uploads.drop(path)
    assert source.uploads.waiting() == []
    assert list((source.folder / "incoming").iterdir()) == []


def test_an_aborted_upload_leaves_nothing(client, source, signer):
    reply = client.post(f"{signer.upload_url('s1')}?name=a.mp4", [b"ab"], is_cut=True)
    assert reply.status == 499
    assert list((source.folder / "incoming").iterdir()) == []


@pytest.mark.parametrize("headers", [[], [("content-length", "1200")]])
def test_an_upload_that_is_too_large_leaves_nothing(client, source, signer, headers):
    reply = client.post(signer.upload_url("s1"), [b"x" * 600] * 2, headers=headers)
    assert (reply.status, b"expected at most" in reply.body) == (413, True)
    assert list(source.folder.glob("incoming/*")) == []


def test_an_upload_without_an_address(client, source):
    assert client.post("/labeler/upload/none", [b"x"]).status == 403
    assert not (source.folder / "incoming").exists()


def test_what_was_received_waits_for_the_next_server_and_what_was_not_does_not(
    client, source, signer
):
    client.post(f"{signer.upload_url('first')}?name=a.mp4", [b"x"])
    client.post(f"{signer.upload_url('second')}?name=b.mp4", [b"y"])
    half = source.folder / "incoming" / "killed"
    half.mkdir()
    (half / ".told").write_text("third")
    (half / ".part").write_bytes(b"z")
    source.uploads.close()  # as the system does for a server that is killed
    following = UploadFolder(source.folder / "incoming")
    assert {(path.name, told) for path, told in following.waiting()} == {
        ("a.mp4", "first"),
        ("b.mp4", "second"),
    }
    following.close()


def test_a_second_server_leaves_the_uploads_of_the_first_alone(client, source, signer):
    client.post(f"{signer.upload_url('first')}?name=a.mp4", [b"x"])
    second = UploadFolder(source.folder / "incoming")
    assert second.waiting() == []
    source.uploads.close()
    ((path, _),) = second.waiting()
    third = UploadFolder(source.folder / "incoming")
    assert third.waiting() == []
    second.drop(path)
    assert third.waiting() == []
    assert list((source.folder / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("squat.mov", "squat.mov"),
        ("../../etc/passwd", "passwd"),
        ("C:\\videos\\a b.MP4", "a b.MP4"),
        ("..", "video"),
        ("", "video"),
        (".part", "part"),
        ("a\x00b\n.mp4", "a_b_.mp4"),
        ("é" * 300 + ".mp4", "é" * 98 + ".mp4"),
        ("x." + "é" * 300, "x." + "é" * 99),
    ],
)
def test_names_are_made_safe(name, expected):
    assert safe_name(name) == expected


@given(st.text())
def test_any_name_is_one_short_path_part(name):
    safe = safe_name(name)
    assert safe
    assert not set(safe) & set('/\\\0<>:"|?*')
    assert not safe.startswith(".")
    assert len(safe.encode()) <= 200
