"""From a moving figure to the frames of a video: the same seed gives the same pixels."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labeler.core.arrays import ByteImage, Float32Array, FloatArray
from labeler.core.clip import FrameTimes
from labeler.core.origin import MADE_UP_MARK as MADE_UP_MARK
from labeler.synthetic.athlete import Athlete
from labeler.synthetic.body import Figure, figure
from labeler.synthetic.camera import Camera
from labeler.synthetic.flesh import Flesh, build_flesh
from labeler.synthetic.looks import Filming, Looks, Room, style_of
from labeler.synthetic.motion import Performance
from labeler.synthetic.raster.geometry import Lens, place, to_picture, turn_outward
from labeler.synthetic.raster.picture import (
    BRIGHTEST,
    Backdrop,
    Ground,
    develop,
    shade_floor,
    soften,
    tone_of,
    touch,
)
from labeler.synthetic.raster.shading import Light, Memory, Scene, add_light, occlude, to_sun
from labeler.synthetic.raster.triangles import NOTHING, Canvas, draw, wipe
from labeler.synthetic.rings import Rings, unit
from labeler.synthetic.rooms import paint_room
from labeler.synthetic.truth import Truth, truth_of
from labeler.video.upright import Size
from labeler.video.writer import VideoWriter

OFFSETS_PX = ((0.125, 0.375), (-0.375, 0.125), (0.375, -0.125), (-0.125, -0.375))
"""Where in a pixel each sample looks: no two in one row or column, so that edges come out soft.
The samples are also spread over the exposure, so that what moves is blurred."""
_OPEN_RATIO = 0.9
"""The shutter is open for at most this share of the time between frames."""
CHUNK_FRAMES = 48
"""Postures for so many frames are made at once; more would only need more memory."""
SHADE_CELLS, SHADE_HALF_M = 256, 1.55
"""The sun's own picture of the athlete."""
TOUCH_CELLS, TOUCH_CELL_M, TOUCH_REACH_M = 128, 0.025, 0.12
"""The map of what nearly touches the floor, on which light hardly falls."""
_MIDDLE_M = np.array([0.0, 0.8, 0.0])
_GRAIN_LENGTH = 1 << 18
_CURVE_LENGTH = 8192


@dataclass(frozen=True, slots=True)
class _Lamps:
    """Shares of light from each side, and how dark the sun's shadow on the floor is."""

    sun: float
    sky: float
    floor: float
    front: float
    shadow: float


_LAMPS = {
    Room.GYM: _Lamps(0.78, 0.42, 0.20, 0.26, 0.34),
    Room.GARAGE: _Lamps(0.85, 0.36, 0.20, 0.24, 0.40),
    Room.LIVING_ROOM: _Lamps(0.74, 0.42, 0.24, 0.26, 0.34),
    Room.PARK: _Lamps(1.30, 0.52, 0.16, 0.20, 0.62),
}


class Renderer:
    """Draws frames of one clip: one athlete, one camera, one place.

    Parameters
    ----------
    athlete : Athlete
        Whose body it is.
    looks : Looks
        Body, clothes, place and light.
    camera : Camera
        Its size is that of the frames.
    sample : Figure
        Any posture of the clip, for what is held and sat on.
    seed : int
        Of the grain alone.
    """

    def __init__(
        self, athlete: Athlete, looks: Looks, camera: Camera, *, sample: Figure, seed: int
    ) -> None:
        self._flesh = build_flesh(athlete, looks, sample)
        self._rng = np.random.default_rng([seed, 0x6A41])
        self._lens = _lens_of(camera)
        self._light = _light_of(camera, looks)
        room = paint_room(camera, looks)
        self._curve = _tone_curve()
        self._back = _backdrop(room.light * np.float32(looks.filming.brightness), self._curve)
        self._ground = _ground_of(room.floor_m, self._light)
        self._shadow_ratio = _LAMPS[looks.room].shadow
        self._sheets = _Sheets.of(camera.size_px, self._flesh)
        self._scene = _scene_of(self._flesh, looks, self._light, self._sheets, self._lens)
        grain = self._rng.normal(0.0, looks.filming.noise, _GRAIN_LENGTH)
        self._grain = grain.astype(np.float32)

    @property
    def flesh(self) -> Flesh:
        """The mesh and how it hangs on the bones."""
        return self._flesh

    @property
    def cover(self) -> Float32Array:
        """How much of each pixel of the last frame shows the athlete or what is held, 0 to 1."""
        return np.asarray(self._sheets.total[..., 3] / self._n_samples, dtype=np.float32)

    def frame(self, rings: Rings) -> ByteImage:
        """One frame from rings at each of its samples (n_samples, n_rings, ...)."""
        sheets, self._n_samples = self._sheets, len(rings.origin_m)
        sheets.total[:] = 0.0
        sheets.memory.stuff[:] = NOTHING
        middle = self._n_samples // 2
        self._pose(rings, middle)
        self._cast_shadows(rings, middle)
        for sample in range(self._n_samples):
            self._pose(rings, sample)
            dx, dy = OFFSETS_PX[sample % len(OFFSETS_PX)] if self._n_samples > 1 else (0.0, 0.0)
            lens = self._lens._replace(
                centre_x_px=self._lens.centre_x_px - dx, centre_y_px=self._lens.centre_y_px - dy
            )
            to_picture(sheets.points_m, lens, sheets.seen)
            wipe(sheets.canvas)
            draw(sheets.canvas, sheets.seen, self._flesh.solid.faces)
            add_light(sheets.canvas, self._scene, sheets.memory, sheets.total)
        rgb: ByteImage = np.empty((*sheets.dim.shape, 3), dtype=np.uint8)
        start = int(self._rng.integers(_GRAIN_LENGTH))
        film = (self._curve, self._n_samples, self._grain, start)
        develop(self._back, sheets.dim, sheets.total, film, rgb)
        return rgb

    def _pose(self, rings: Rings, sample: int) -> None:
        sheets = self._sheets
        place(self._flesh.solid, rings.origin_m[sample], rings.axes[sample], sheets.points_m)
        turn_outward(sheets.points_m, self._flesh.solid.faces, sheets.normals)

    def _cast_shadows(self, rings: Rings, sample: int) -> None:
        """The sun's picture of the athlete, the floor's darkness, and each point's free sky."""
        sheets, flesh = self._sheets, self._flesh
        to_sun(sheets.points_m, self._light, SHADE_CELLS, sheets.seen)
        wipe(sheets.shade)
        draw(sheets.shade, sheets.seen, flesh.solid.faces)
        np.greater(sheets.shade.owner, -1, out=sheets.shadow, casting="unsafe")
        for _ in range(2):
            soften(sheets.shadow, sheets.spare, 2)
        touch(sheets.points_m, TOUCH_REACH_M, TOUCH_CELL_M, sheets.contact)
        for _ in range(2):
            soften(sheets.contact, sheets.spare_contact, 1)
        shade_floor(self._ground, sheets.shadow, sheets.contact, self._shadow_ratio, sheets.dim)
        balls = np.concatenate([rings.origin_m[sample, flesh.ball_rings], flesh.ball_sizes], axis=1)
        occlude(self._scene, flesh.piece_of, balls)


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A clip to be made: who does what, filmed how; the same shot is the same pixels.

    Parameters
    ----------
    performance : Performance
        What the athlete does.
    camera : Camera
        Its size is that of the frames.
    looks : Looks
        All that is seen but not measured.
    times : FrameTimes
        When each frame is taken, in the performance's seconds.
    seed : int
        Of the grain alone.
    """

    performance: Performance
    camera: Camera
    looks: Looks
    times: FrameTimes
    seed: int

    def figure_at(self, times_s: FloatArray) -> Figure:
        """The body at any times, which must not decrease."""
        return figure(self.performance.athlete, self.performance.angles_at(times_s))

    def renderer(self) -> Renderer:
        """What draws its frames."""
        sample = self.figure_at(self.times.pts_s[:1])
        athlete = self.performance.athlete
        return Renderer(athlete, self.looks, self.camera, sample=sample, seed=self.seed)


def frames(shot: Shot) -> Iterator[ByteImage]:
    """Each frame in order; what moves is blurred over the exposure, centred on the frame's time."""
    renderer = shot.renderer()
    n_samples, pts_s = len(OFFSETS_PX), shot.times.pts_s
    exposure_s = min(shot.looks.filming.exposure_s, _OPEN_RATIO * _shortest_s(pts_s))
    spread_s = ((np.arange(n_samples) + 0.5) / n_samples - 0.5) * exposure_s
    for first in range(0, len(pts_s), CHUNK_FRAMES):
        at_s = np.maximum(pts_s[first : first + CHUNK_FRAMES, None] + spread_s, 0.0)
        rings = renderer.flesh.rings_of(shot.figure_at(at_s.ravel()))
        for begin in range(0, at_s.size, n_samples):
            which = slice(begin, begin + n_samples)
            yield renderer.frame(Rings(rings.origin_m[which], rings.axes[which]))


def render_clip(file: Path, shot: Shot) -> Truth:
    """Write the video of a shot, marked as made up, and tell what is true of it.

    Raises
    ------
    VideoWriteError
        If the file cannot be written.
    """
    with VideoWriter(file, Size(*shot.camera.size_px), comment=MADE_UP_MARK) as writer:
        for rgb, at_s in zip(frames(shot), shot.times.pts_s, strict=True):
            writer.write(rgb, float(at_s))
    return truth_of(shot.performance, shot.times)


def _shortest_s(pts_s: FloatArray) -> float:
    return float(np.diff(pts_s).min()) if len(pts_s) > 1 else np.inf


@dataclass(frozen=True, slots=True, eq=False)
class _Sheets:
    """Arrays that every frame fills anew."""

    points_m: Float32Array
    normals: Float32Array
    seen: Float32Array
    open_ratio: Float32Array
    canvas: Canvas
    shade: Canvas
    shadow: Float32Array
    spare: Float32Array
    contact: Float32Array
    spare_contact: Float32Array
    dim: Float32Array
    total: Float32Array
    memory: Memory

    @staticmethod
    def of(size_px: tuple[int, int], flesh: Flesh) -> "_Sheets":
        width_px, height_px = size_px
        n_points = len(flesh.solid.local_m)
        return _Sheets(
            points_m=_zeros(n_points, 3),
            normals=_zeros(n_points, 3),
            seen=_zeros(n_points, 3),
            open_ratio=_zeros(n_points) + np.float32(1.0),
            canvas=_canvas(height_px, width_px),
            shade=_canvas(SHADE_CELLS, SHADE_CELLS),
            shadow=_zeros(SHADE_CELLS, SHADE_CELLS),
            spare=_zeros(SHADE_CELLS, SHADE_CELLS),
            contact=_zeros(TOUCH_CELLS, TOUCH_CELLS),
            spare_contact=_zeros(TOUCH_CELLS, TOUCH_CELLS),
            dim=_zeros(height_px, width_px) + np.float32(1.0),
            total=_zeros(height_px, width_px, 4),
            memory=Memory(
                np.zeros((height_px, width_px), dtype=np.int32),
                _zeros(height_px, width_px),
                _zeros(height_px, width_px, 3),
            ),
        )


def _zeros(*shape: int) -> Float32Array:
    return np.zeros(shape, dtype=np.float32)


def _canvas(height: int, width: int) -> Canvas:
    owner = np.zeros((height, width), dtype=np.int32)
    return Canvas(_zeros(height, width), owner, _zeros(height, width, 2))


def _lens_of(camera: Camera) -> Lens:
    width_px, height_px = camera.size_px
    turn = np.ascontiguousarray(camera.axes)
    return Lens(camera.position_m, turn, camera.focal_px, width_px / 2.0, height_px / 2.0)


def _tint(warmth: float) -> FloatArray:
    return np.array([1.0 + 0.07 * warmth, 1.0, 1.0 - 0.10 * warmth])


def _light_of(camera: Camera, looks: Looks) -> Light:
    filming, lamps = looks.filming, _LAMPS[looks.room]
    toward = _toward_sun(camera, filming)
    across = unit(np.cross([0.0, 1.0, 0.0], toward).astype(np.float64))
    turn = np.stack([across, np.cross(across, toward), toward])  # right, down and near, as seen
    warm, cool = _tint(filming.warmth), _tint(-0.4 * filming.warmth)
    bright = filming.brightness
    return Light(
        turn=np.ascontiguousarray(turn),
        middle_m=_MIDDLE_M,
        texel_m=2.0 * SHADE_HALF_M / SHADE_CELLS,
        sun=lamps.sun * bright * warm,
        sky=lamps.sky * bright * cool,
        floor=lamps.floor * bright * warm,
        front=lamps.front * bright * cool,
    )


def _toward_sun(camera: Camera, filming: Filming) -> FloatArray:
    azimuth = np.radians(camera.azimuth_deg + filming.sun_side_deg)
    height = np.radians(filming.sun_height_deg)
    level = np.cos(height)
    return np.array([level * np.sin(azimuth), np.sin(height), level * np.cos(azimuth)])


def _ground_of(floor_m: FloatArray, light: Light) -> Ground:
    """Floor pixels within reach of shadows, and where they look in the maps."""
    reach_m = 2.0 * SHADE_HALF_M
    is_near = np.hypot(floor_m[..., 0], floor_m[..., 1]) < reach_m  # NaN is not
    pixels = np.argwhere(is_near).astype(np.int32)
    x, z = floor_m[is_near].T
    points = np.stack([x, np.zeros_like(x), z], axis=1) - light.middle_m
    shade_at = points @ light.turn[:2].T / light.texel_m + 0.5 * SHADE_CELLS
    touch_at = np.stack([x, z], axis=1) / TOUCH_CELL_M + 0.5 * TOUCH_CELLS
    return Ground(pixels, shade_at.astype(np.float32), touch_at.astype(np.float32))


def _scene_of(flesh: Flesh, looks: Looks, light: Light, sheets: _Sheets, lens: Lens) -> Scene:
    return Scene(
        solid=flesh.solid,
        points_m=sheets.points_m,
        normals=sheets.normals,
        open_ratio=sheets.open_ratio,
        style=style_of(looks),
        light=light,
        shade=sheets.shade.nearness,
        eye_m=lens.eye_m,
    )


def _backdrop(light: Float32Array, curve: Float32Array) -> Backdrop:
    tone = np.empty(light.shape)
    tone_of(light, curve, tone)
    return Backdrop(light, tone)


def _tone_curve() -> Float32Array:
    """Bytes for linear light up to `BRIGHTEST`: the usual power, bright parts rolled off."""
    light = np.linspace(0.0, BRIGHTEST, _CURVE_LENGTH)
    soft = 1.12 * light / (1.0 + 0.12 * light + 0.10 * light**2)
    return np.asarray(255.0 * np.clip(soft, 0.0, 1.0) ** (1.0 / 2.2), dtype=np.float32)
