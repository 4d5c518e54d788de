"""MiniRocket over the courses of repetitions: filled, scaled, and convolved (extra: ``rocket``).

Dempster, Schmidt and Webb, "MINIROCKET: A Very Fast (Almost) Deterministic Transform for Time
Series Classification" (2021), as the library aeon has it for several channels.
"""

from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from labeler.core.arrays import BoolArray, Float32Array

N_KERNELS = 24 * 84
"""The 84 kernels of MiniRocket with 24 biases each: enough for some hundred repetitions."""

N_CASES_AT_ONCE = 1000
"""Repetitions that are convolved in one go, so that memory does not grow with their number."""

_ONE_AT_A_TIME = Lock()
"""Fitting draws from NumPy's only global generator, and Numba's threads may not be entered by two
threads at once: pages of the app train and predict side by side."""


@cache
def has_rocket() -> bool:
    """Whether the library with the kernels is installed."""
    return find_spec("aeon") is not None


class CourseFiller(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Fill what was not seen by the mean course of the training rows, and scale by channel.

    One scale for a channel in all repetitions: scaled one by one they would lose how far each went.
    Channels that no training row shows are dropped; where none is left, one of zeros stands in.

    Parameters
    ----------
    channels : tuple[str, ...]
        What the columns of the courses are called, in their order.
    """

    def __init__(self, channels: tuple[str, ...] = ()) -> None:
        self.channels = channels

    def fit(self, courses: Float32Array, _y: object = None) -> Self:
        """Learn mean courses and scales from rows of shape (n_reps, n_channels, n_points)."""
        known = np.isfinite(courses)
        self.is_seen_: BoolArray = np.all(np.any(known, axis=0), axis=1)
        seen, known = courses[:, self.is_seen_], known[:, self.is_seen_]
        total = np.where(known, seen, 0.0).sum(axis=0, dtype=np.float64)
        self.mean_ = total / known.sum(axis=0)
        off = np.where(known, seen - self.mean_, 0.0)
        level = self.mean_ - self.mean_.mean(axis=1, keepdims=True)
        variance = np.square(off).mean(axis=(0, 2)) + np.square(level).mean(axis=1)
        self.scale_ = np.where(variance > 0, np.sqrt(variance), 1.0)
        return self

    def transform(self, courses: Float32Array) -> Float32Array:
        """The same rows without gaps, in units of each channel's spread."""
        if not self.is_seen_.any():
            return np.zeros((len(courses), 1, courses.shape[2]), dtype=np.float32)
        seen = courses[:, self.is_seen_]
        filled = np.where(np.isfinite(seen), seen, self.mean_)
        level = self.mean_.mean(axis=1, keepdims=True)
        scaled: Float32Array = ((filled - level) / self.scale_[:, np.newaxis]).astype(np.float32)
        return scaled


class Kernels(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Share of each course, or sum of courses, that a kernel's answer lies above its bias.

    The biases are quantiles of answers to training rows: drawn inside the fold, as all else.
    """

    def __init__(self, n_kernels: int = N_KERNELS, random_state: int = 0, n_jobs: int = 1) -> None:
        self.n_kernels = n_kernels
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, courses: Float32Array, _y: object = None) -> Self:
        """Draw kernels, their channels and their biases."""
        from aeon.transformations.collection.convolution_based import MiniRocket  # compiles: slow

        self.rocket_ = MiniRocket(
            self.n_kernels, random_state=self.random_state, n_jobs=self.n_jobs
        )
        with _ONE_AT_A_TIME:
            before = np.random.get_state()  # noqa: NPY002 - aeon seeds the global generator
            try:
                self.rocket_.fit(courses)
            finally:
                np.random.set_state(before)  # noqa: NPY002 - and others may count on it
        return self

    def transform(self, courses: Float32Array) -> Float32Array:
        """Shape (n_reps, n_kernels): shares, 0 to 1."""
        if not len(courses):
            return np.empty((0, self.n_kernels), dtype=np.float32)
        parts = range(0, len(courses), N_CASES_AT_ONCE)
        with _ONE_AT_A_TIME:
            told = [self.rocket_.transform(courses[n : n + N_CASES_AT_ONCE]) for n in parts]
        return np.concatenate(told)
