"""What a file is, and what is wrong with it, in words that tell the cases apart."""

import struct
from fractions import Fraction

import av
import pytest
from PIL import Image
from support_videos import Recipe, cut_off, make_clip, make_sound_only

from labeler.core.errors import VideoError
from labeler.video import errors
from labeler.video.probe import list_videos, open_video, probe


def test_facts_of_a_plain_clip(tmp_path):
    facts = probe(make_clip(tmp_path / "plain.mp4", Recipe(n_frames=15, fps=30, size=(96, 64))))
    assert (facts.width_px, facts.height_px, facts.rotation_deg) == (96, 64, 0)
    assert (facts.codec, facts.n_frames_declared) == ("h264", 15)
    assert facts.duration_s == pytest.approx(0.5)
    assert facts.short_side_px == 64


@pytest.mark.parametrize(
    ("metadata_deg", "clockwise_deg", "size_px"),
    [(90, 270, (64, 96)), (180, 180, (96, 64)), (270, 90, (64, 96))],
)
def test_facts_are_of_the_upright_picture(tmp_path, metadata_deg, clockwise_deg, size_px):
    """FFmpeg's display rotation counts against the clock, ours with it."""
    facts = probe(make_clip(tmp_path / "turned.mp4", Recipe(rotation_deg=metadata_deg)))
    assert facts.rotation_deg == clockwise_deg
    assert (facts.width_px, facts.height_px) == size_px


def test_facts_have_square_pixels(tmp_path):
    facts = probe(make_clip(tmp_path / "wide.mp4", Recipe(aspect=Fraction(4, 3), size=(96, 64))))
    assert (facts.width_px, facts.height_px) == (128, 64)


def _missing(folder):
    return folder / "clip.mp4"


def _empty(folder):
    (folder / "clip.mp4").write_bytes(b"")
    return folder / "clip.mp4"


def _text(folder):
    (folder / "clip.mp4").write_text("not a video at all\n" * 50)
    return folder / "clip.mp4"


def _without_index(folder):
    whole = make_clip(folder / "whole.mp4")
    return cut_off(whole, 0.5, folder / "clip.mp4")


def _old_quicktime(folder):
    """Starts with its pictures, and the index that should follow is not there."""
    whole = make_clip(folder / "whole.mp4").read_bytes()
    (folder / "clip.mp4").write_bytes(whole[whole.index(b"mdat") - 4 : -1500])
    return folder / "clip.mp4"


def _sound(folder):
    return make_sound_only(folder / "clip.mp4")


def _no_frame(folder):
    whole = make_clip(folder / "whole.mp4", movflags="+faststart")
    index_end = whole.read_bytes().index(b"mdat") + 4
    return cut_off(whole, index_end / whole.stat().st_size, folder / "clip.mp4")


def _unknown_codec(folder):
    whole = make_clip(folder / "whole.mp4").read_bytes()
    (folder / "clip.mp4").write_bytes(whole.replace(b"avc1", b"zzzz"))
    return folder / "clip.mp4"


def _photo(folder):
    Image.new("RGB", (64, 48)).save(folder / "clip.mp4", "JPEG")
    return folder / "clip.mp4"


def _nothing(folder):
    """What a recording that never began leaves: an index without a track."""
    with av.open(str(folder / "clip.mp4"), "w") as container:
        container.add_stream("libx264", rate=30)
        container.start_encoding()
    return folder / "clip.mp4"


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (_missing, errors.MissingVideoError, "clip.mp4: expected a video file, got no file"),
        (_empty, errors.EmptyVideoError, "clip.mp4: expected a video, got a file of zero bytes"),
        (_text, errors.NotAVideoError, "clip.mp4: expected a video, got a file in another format"),
        (_without_index, errors.NoIndexError, "clip.mp4: expected a complete MP4, got one without"),
        (_old_quicktime, errors.NoIndexError, "expected a complete MP4, got one without"),
        (_photo, errors.StillPictureError, "clip.mp4: expected moving pictures, got a photo"),
        (_nothing, errors.NoTracksError, "clip.mp4: expected moving .*, got a file with nothing"),
        (_sound, errors.NoPictureError, "clip.mp4: expected moving pictures, got sound only"),
        (_unknown_codec, errors.UnknownCodecError, "clip.mp4: expected pictures in a known format"),
        (_no_frame, errors.UnreadableVideoError, "clip.mp4: expected frames to decode .h264., got"),
    ],
)
def test_each_broken_file_says_what_is_wrong(tmp_path, make, error, message):
    with pytest.raises(error, match=message) as caught:
        probe(make(tmp_path))
    assert isinstance(caught.value, VideoError)
    assert caught.value.hint.endswith(".")


@pytest.mark.parametrize("kind", [av.error.MemoryError, av.error.PatchWelcomeError])
def test_whatever_ffmpeg_refuses_belongs_to_the_file(tmp_path, kind):
    path = make_clip(tmp_path / "clip.mp4")
    message = "clip.mp4: expected a video that can be decoded, got: no way"
    with pytest.raises(errors.BrokenVideoError, match=message), open_video(path):
        raise kind(1, "no way")


def test_a_picture_is_never_without_width(tmp_path):
    path = make_clip(tmp_path / "thin.mp4", Recipe(aspect=Fraction(4, 3), size=(96, 64)))
    old, new = (b"pasp" + struct.pack(">II", *pair) for pair in ((4, 3), (1, 250)))
    path.write_bytes(path.read_bytes().replace(old, new))
    assert probe(path).width_px == 1


@pytest.mark.parametrize("kind", ["mkv", "webm"])
def test_matroska_says_how_long_it_is(tmp_path, kind):
    """The first frame is shown at 2 s: what comes before it is no part of the clip."""
    times_s = [2 + Fraction(k, 25) for k in range(50)]
    recipe = Recipe(times_s=times_s, fps=25, codec="libvpx" if kind == "webm" else "libx264")
    assert probe(make_clip(tmp_path / f"clip.{kind}", recipe)).duration_s == pytest.approx(
        2.0, abs=0.05
    )


def test_without_a_tag_the_container_says_how_long_it_is(tmp_path):
    path = make_clip(tmp_path / "clip.mkv", Recipe(n_frames=50, fps=25))
    path.write_bytes(path.read_bytes().replace(b"DURATION", b"SOMETHNG"))
    assert probe(path).duration_s == pytest.approx(2.0, abs=0.05)


def test_sound_that_outlasts_the_picture_is_not_counted(tmp_path):
    path = make_clip(tmp_path / "clip.mkv", Recipe(n_frames=30, sound_s=2.0))
    assert probe(path).duration_s == pytest.approx(1.0, abs=0.05)


def test_a_written_stream_cannot_be_read(tmp_path):
    import av

    from labeler.video.probe import container_of

    with av.open(str(tmp_path / "out.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        with pytest.raises(TypeError, match="expected one that is read"):
            container_of(stream)


def test_an_error_of_the_caller_passes_through(tmp_path):
    """Only what FFmpeg says about opening is translated."""
    clip = make_clip(tmp_path / "clip.mp4")
    with pytest.raises(KeyError), open_video(clip):
        raise KeyError("mine")


def test_list_videos_by_ending_without_hidden_files(tmp_path):
    for name in ("b.MOV", "a.mp4", ".hidden.mp4", "notes.txt", "c.webm"):
        (tmp_path / name).touch()
    (tmp_path / "folder.mp4").mkdir()
    assert [path.name for path in list_videos(tmp_path)] == ["a.mp4", "b.MOV", "c.webm"]


def test_list_videos_in_folders_inside_but_never_in_a_circle(tmp_path):
    for name in ("b/day 2/c.mp4", "b/a.mp4", "a.mp4", ".trash/old.mp4", "c.mp4/d.mp4"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "b" / "up").symlink_to(tmp_path, target_is_directory=True)
    found = [path.relative_to(tmp_path).as_posix() for path in list_videos(tmp_path)]
    assert found == ["a.mp4", "b/a.mp4", "b/day 2/c.mp4", "c.mp4/d.mp4"]


def test_list_videos_of_an_empty_folder(tmp_path):
    assert list_videos(tmp_path) == []
