"""Writes small files as other tools write them, for tests of `labeler import-pose`."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from labeler.core.landmarks import Landmark

JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index", "ear")

LANDMARKS = tuple(Landmark[f"{side}_{j.upper()}"] for j in JOINTS for side in ("LEFT", "RIGHT"))


def names(template: str = "{side}_{joint}") -> list[str]:
    """Names of `LANDMARKS` in another spelling."""
    found = []
    for landmark in LANDMARKS:
        side, _, joint = landmark.name.lower().partition("_")
        told = {"side": side, "s": side[0], "S": side[0].upper(), "joint": joint}
        found.append(template.format(**told, Joint=joint.capitalize()))
    return found


def write_keypoint_json(path: Path, points: np.ndarray, **metadata: object) -> Path:
    """Frames of 33 keypoints without names, (n_frames, 33, 2 to 4); NaN becomes null."""
    frames = [
        {
            "landmarks": [
                {
                    key: None if np.isnan(value) else float(value)
                    for key, value in zip("xyz", point, strict=False)
                }
                | {"visibility": 0.9}
                for point in frame
            ]
        }
        for frame in points
    ]
    path.write_text(json.dumps({"metadata": metadata, "frames": frames}))
    return path


def write_openpose(
    folder: Path, people: np.ndarray, *, first: int = 0, confidence: float = 0.8
) -> Path:
    """One file per frame; people (n_frames, n_people, n_points, 2), NaN is a missing keypoint."""
    folder.mkdir()
    for number, frame in enumerate(people, start=first):
        listed = []
        for person in frame:
            sure = np.full((len(person), 1), confidence)
            values = np.concatenate([person, sure], axis=1)
            values[np.isnan(values).any(axis=1)] = 0.0
            listed.append({"person_id": [-1], "pose_keypoints_2d": values.ravel().tolist()})
        file = folder / f"clip_{number:012d}_keypoints.json"
        file.write_text(json.dumps({"version": 1.3, "people": listed}))
    return folder


def write_dlc_csv(path: Path, values: np.ndarray, parts: Sequence[str]) -> Path:
    """x, y, likelihood of each part; values (n_frames, n_parts, 3)."""
    n = len(parts)
    header = [
        ["scorer", *["DLC_net"] * 3 * n],
        ["bodyparts", *[part for part in parts for _ in range(3)]],
        ["coords", *["x", "y", "likelihood"] * n],
    ]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows(header)
        for number, row in enumerate(values.reshape(len(values), -1)):
            writer.writerow([number, *("" if np.isnan(v) else repr(float(v)) for v in row)])
    return path


def write_dlc_h5(path: Path, values: np.ndarray, parts: Sequence[str]) -> Path:
    """As pandas lays a table of DeepLabCut out in HDF5, with its column names pickled."""
    import pickle

    import h5py

    columns = [("DLC_net", part, coord) for part in parts for coord in ("x", "y", "likelihood")]
    flat = values.reshape(len(values), -1)
    kind = np.dtype([("index", "<i8"), ("values_block_0", "<f8", (flat.shape[1],))])
    table = np.zeros(len(values), dtype=kind)
    table["index"], table["values_block_0"] = np.arange(len(values)), flat
    with h5py.File(path, "w") as file:
        group = file.create_group("df_with_missing")
        levels = {"names": ["scorer", "bodyparts", "coords"], "type": "MultiIndex"}
        info = {1: levels, "index": {}}
        group.attrs["non_index_axes"] = np.bytes_(pickle.dumps([(1, columns)], protocol=0))
        group.attrs["info"] = np.bytes_(pickle.dumps(info, protocol=0))
        group.create_dataset("table", data=table)
    return path


def sleap_labels(values: np.ndarray, nodes: Sequence[str], *, has_tracks: bool = False) -> object:
    """SLEAP's labels of people (n_frames, n_people, n_nodes, 3): x, y, score."""
    import sleap_io

    skeleton = sleap_io.Skeleton(nodes=list(nodes))
    video = sleap_io.Video(filename="clip.mp4", open_backend=False)
    tracks = [sleap_io.Track(f"person {n}") for n in range(values.shape[1])]
    frames = []
    for number, people in enumerate(values):
        instances = [
            sleap_io.PredictedInstance.from_numpy(
                person[:, :2],
                skeleton=skeleton,
                point_scores=person[:, 2],
                score=1.0,
                track=tracks[n] if has_tracks else None,
            )
            for n, person in enumerate(people)
            if np.isfinite(person[:, 0]).any()
        ]
        frames.append(sleap_io.LabeledFrame(video=video, frame_idx=number, instances=instances))
    return sleap_io.Labels(
        frames, videos=[video], skeletons=[skeleton], tracks=tracks if has_tracks else []
    )


def write_c3d(
    path: Path, points: np.ndarray, labels: Sequence[str], *, unit: str = "mm", rate: float = 100.0
) -> Path:
    """Points (n_frames, n_points, 3) in `unit`; NaN becomes a residual of -1."""
    import ezc3d

    content = ezc3d.c3d()
    content["parameters"]["POINT"]["RATE"]["value"] = [rate]
    content["parameters"]["POINT"]["LABELS"]["value"] = tuple(labels)
    content["parameters"]["POINT"]["UNITS"]["value"] = [unit]
    content.add_parameter("MANUFACTURER", "COMPANY", ["Somebody"])
    homogeneous = np.ones((4, points.shape[1], len(points)))
    homogeneous[:3] = points.transpose(2, 1, 0)
    content["data"]["points"] = homogeneous
    residuals = np.where(np.isnan(homogeneous[:1]), -1.0, 0.0)
    content["data"]["meta_points"]["residuals"] = residuals
    content.write(str(path))
    return path


def write_trc(
    path: Path, points: np.ndarray, labels: Sequence[str], *, unit: str = "mm", rate: float = 100.0
) -> Path:
    """Points (n_frames, n_points, 3) in `unit`, y up; NaN becomes an empty cell."""
    keys = ("DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units")
    values = (rate, rate, len(points), len(labels), unit)
    axes = [f"{axis}{n}" for n in range(1, len(labels) + 1) for axis in "XYZ"]
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "\t".join(keys),
        "\t".join(map(str, values)),
        "Frame#\tTime\t" + "\t\t\t".join(labels) + "\t\t",
        "\t\t" + "\t".join(axes),
        "",
    ]
    for number, frame in enumerate(points):
        cells = ["" if np.isnan(v) else repr(float(v)) for v in frame.ravel()]
        lines.append("\t".join([str(number + 1), repr(number / rate), *cells]))
    path.write_text("\n".join(lines) + "\n")
    return path


def write_plain_csv(
    path: Path,
    points: np.ndarray,
    labels: Sequence[str],
    *,
    unit: str = "_px",
    times_s: Sequence[float] | None = None,
) -> Path:
    """Points (n_frames, n_points, 2 or 3); NaN becomes an empty cell."""
    axes = "xyz"[: points.shape[2]]
    header = [f"{label}_{axis}{unit}" for label in labels for axis in axes]
    rows = [["" if np.isnan(v) else repr(float(v)) for v in frame.ravel()] for frame in points]
    if times_s is not None:
        header = ["time_s", *header]
        rows = [[repr(float(t)), *row] for t, row in zip(times_s, rows, strict=True)]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def standing_m(n_frames: int, *, lean_deg: float = 0.0) -> np.ndarray:
    """`LANDMARKS` of somebody who faces x with z up, (n_frames, n_points, 3), in metres."""
    lean = np.radians(lean_deg)
    spot = {
        "shoulder": (0.5 * np.sin(lean), 0.9 + 0.5 * np.cos(lean)),
        "ear": (0.7 * np.sin(lean), 0.9 + 0.7 * np.cos(lean)),
        "elbow": (0.5 * np.sin(lean), 0.6 + 0.5 * np.cos(lean)),
        "wrist": (0.5 * np.sin(lean), 0.3 + 0.5 * np.cos(lean)),
        "hip": (0.0, 0.9),
        "knee": (0.0, 0.5),
        "ankle": (0.0, 0.1),
        "heel": (-0.05, 0.05),
        "foot_index": (0.2, 0.05),
    }
    points = np.zeros((len(LANDMARKS), 3))
    for place, landmark in enumerate(LANDMARKS):
        side, _, joint = landmark.name.lower().partition("_")
        x, z = spot[joint]
        points[place] = (x, 0.1 if side == "left" else -0.1, z)
    return np.tile(points, (n_frames, 1, 1))
