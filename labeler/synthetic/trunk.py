"""Pelvis, spine and head: four links whose curve leaves the trunk's lean as it is."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from labeler.core.arrays import FloatArray
from labeler.synthetic.athlete import Athlete
from labeler.synthetic.geometry import bend, pitch, turned, yaw
from labeler.synthetic.posture import Angles

SIDES = (("left", 1.0), ("right", -1.0))
"""The athlete's sides, and the sign of x there."""

LINKS = np.array([0.20, 0.30, 0.25, 0.25])
"""Pelvis, lumbar spine, lower and upper thorax: shares of the trunk."""

FLEXION_SHARES = np.array([-0.55, -0.05, 0.30, 0.45])
"""How each link leans for a unit of flexion: the upper thorax against the pelvis is 1."""

RIB_SHARES = np.array([0.35, 0.35, -0.65, -0.40])
"""The same for the thorax tipped back on the lumbar spine: the step between the two is 1."""

ARCH_SHARES = np.array([0.60, -0.10, -0.40, -0.30])
"""The same for a pelvis tipped forward under the thorax: pelvis against lower thorax is 1."""

BEND_SHARES = np.array([0.25, 1.0, 1.3, 1.3])
"""The same for a side bend: all in all it is 1 from mid-hip to mid-shoulder."""

YAW_SHARES = np.array([0.0, 0.25, 0.65, 1.0])
"""How far each link has turned from the pelvis to the shoulders."""

HEAD_BEND_SHARE = 0.5
"""The head follows half of a side bend: the eyes stay nearer to level."""

HEAD_LEVEL_RAD = float(np.radians(7.0))
"""Neck and ear of somebody who stands and looks ahead are that far before the shoulders."""

N_CURVE = 4
"""Points of the spine's curve for each of its links."""


@dataclass(frozen=True, slots=True, eq=False)
class Trunk:
    """Nodes of the chain, (n, 5, 3) from mid-hip to mid-shoulder, and the axes of its links.

    `hip_axes` are those of the hips: they turn about the vertical, however far the trunk leans.
    """

    nodes_m: FloatArray
    axes: tuple[FloatArray, ...]
    hip_axes: FloatArray
    hips_m: Mapping[str, FloatArray]
    shoulders_m: Mapping[str, FloatArray]
    head_m: FloatArray
    head_axes: FloatArray

    @property
    def mid_hip_m(self) -> FloatArray:
        """Shape (n, 3)."""
        return self.nodes_m[:, 0]

    @property
    def mid_shoulder_m(self) -> FloatArray:
        """Shape (n, 3)."""
        return self.nodes_m[:, -1]

    def curve_m(self) -> FloatArray:
        """A smooth curve through the nodes and on to the head (Catmull-Rom), (n, k, 3)."""
        points = np.concatenate([self.nodes_m, self.head_m[:, None]], axis=1)
        first, last = 2 * points[:, :1] - points[:, 1:2], 2 * points[:, -1:] - points[:, -2:-1]
        ends = np.concatenate([first, points, last], axis=1)
        u = (np.arange(N_CURVE) / N_CURVE)[:, None]
        weights = (
            -0.5 * u + u**2 - 0.5 * u**3,
            1.0 - 2.5 * u**2 + 1.5 * u**3,
            0.5 * u + 2.0 * u**2 - 1.5 * u**3,
            -0.5 * u**2 + 0.5 * u**3,
        )
        n_links = points.shape[1] - 1
        pieces = [
            sum(w * ends[:, k + j, None] for j, w in enumerate(weights)) for k in range(n_links)
        ]
        return np.concatenate([*pieces, points[:, -1:]], axis=1)


def trunk_of(athlete: Athlete, angles: Angles, mid_hip_m: FloatArray) -> Trunk:
    """The chain from the hips up."""
    lengths = athlete.lengths_m
    bends = angles.side_bend_rad[:, None] * BEND_SHARES
    leans = _leans(angles, bends)
    turns = (
        angles.pelvis_yaw_rad[:, None]
        + YAW_SHARES * (angles.thorax_yaw_rad - angles.pelvis_yaw_rad)[:, None]
    )
    axes = tuple(
        pitch(leans[:, k]) @ bend(bends[:, k]) @ yaw(turns[:, k]) for k in range(len(LINKS))
    )
    steps_m = [
        turned(one, 0.0, share * lengths["trunk"], 0.0)
        for one, share in zip(axes, LINKS, strict=True)
    ]
    nodes_m = mid_hip_m[:, None] + np.cumsum(
        np.stack([np.zeros_like(mid_hip_m), *steps_m], axis=1), axis=1
    )
    hip_axes = yaw(angles.pelvis_yaw_rad) @ pitch(leans[:, 0]) @ bend(bends[:, 0])
    hip_line = yaw(angles.pelvis_yaw_rad)
    head_m, head_axes = _head(athlete, angles, nodes_m[:, -1])
    return Trunk(
        nodes_m=nodes_m,
        axes=axes,
        hip_axes=hip_axes,
        hips_m=_pair(mid_hip_m, hip_line, lengths["hip_half_width"]),
        shoulders_m=_pair(nodes_m[:, -1], axes[-1], lengths["shoulder_half_width"]),
        head_m=head_m,
        head_axes=head_axes,
    )


def _leans(angles: Angles, bends: FloatArray) -> FloatArray:
    """Lean of every link, (n, 4): its own share, less what turns the whole from mid-hip up."""
    own = (
        angles.spine_flexion_rad[:, None] * FLEXION_SHARES
        + angles.rib_extension_rad[:, None] * RIB_SHARES
        + angles.lumbar_arch_rad[:, None] * ARCH_SHARES
    )
    reach = LINKS * np.cos(bends)
    whole = np.arctan2(np.sum(reach * np.sin(own), axis=1), np.sum(reach * np.cos(own), axis=1))
    return np.asarray(own + (angles.trunk_lean_rad - whole)[:, None])


def _head(
    athlete: Athlete, angles: Angles, mid_shoulder_m: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Between the ears, and the head's axes: it follows the neck, level in who stands."""
    lean = angles.trunk_lean_rad - angles.neck_rad + HEAD_LEVEL_RAD
    aside = bend(HEAD_BEND_SHARE * angles.side_bend_rad)
    neck = pitch(lean) @ aside
    head_m = mid_shoulder_m + turned(neck, 0.0, athlete.lengths_m["neck"], 0.0)
    return head_m, pitch(lean - HEAD_LEVEL_RAD) @ aside @ yaw(angles.head_yaw_rad)


def _pair(middle_m: FloatArray, axes: FloatArray, half_m: float) -> dict[str, FloatArray]:
    return {side: middle_m + turned(axes, sign * half_m, 0.0, 0.0) for side, sign in SIDES}
