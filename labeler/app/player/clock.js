// Frames and times. Every time is a presentation time (pts) in seconds; nothing is frame / fps.

export class FrameClock {
  /** @param {Float64Array} pts_s seconds since the first frame, strictly increasing */
  constructor(pts_s) {
    this.pts_s = pts_s;
    this.n = pts_s.length;
    const last = this.n - 1;
    const gaps = Array.from({ length: last }, (_, i) => pts_s[i + 1] - pts_s[i]).sort((a, b) => a - b);
    this.frame_s = gaps.length ? gaps[gaps.length >> 1] : 1 / 30;
    this.duration_s = pts_s[last] + this.frame_s;
  }

  clamp(frame) {
    return Math.max(0, Math.min(this.n - 1, frame));
  }

  /** Start of a frame; for `n`, the end of the clip. Right for half-open boundaries. */
  boundary(frame) {
    return frame < this.n ? this.pts_s[frame] : this.duration_s;
  }

  /** The safest place to seek to: both ends of the frame are equally far. */
  midpoint(frame) {
    return (this.pts_s[frame] + this.boundary(frame + 1)) / 2;
  }

  /** The frame on screen at `time_s`. */
  frameAt(time_s) {
    let low = 0;
    let high = this.n - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.pts_s[middle] <= time_s) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The frame whose pts is nearest: forgives the rounding of a container's time base. */
  nearest(time_s) {
    const frame = this.frameAt(time_s);
    const isNext = frame + 1 < this.n && this.pts_s[frame + 1] - time_s < time_s - this.pts_s[frame];
    return isNext ? frame + 1 : frame;
  }
}
