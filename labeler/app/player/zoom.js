// Closer to the athlete: the part of the picture in which they stay throughout a repetition.

const N_LANDMARKS_IN_ALL = 33;
const OUTSIDE_SHARE = 0.02; // of the points on either side: single leaps do not widen the view
const MARGIN_SHARE = 0.14; // of the athlete's height, on every side: the head reaches above its points
const MAX_STEPS = 60; // frames looked at, evenly spread over the repetition

/** The middle and size of where the athlete is in a repetition, in pixels; null where unseen. */
export function boxOf(stage, rep) {
  const [xs, ys] = [[], []];
  const step = Math.max(1, Math.floor((rep.stop - rep.start) / MAX_STEPS));
  for (let frame = rep.start; frame < rep.stop; frame += step) {
    for (let landmark = 0; landmark < N_LANDMARKS_IN_ALL; landmark++) {
      const point = stage.landmark(frame, landmark);
      if (!point) continue;
      xs.push(point.x);
      ys.push(point.y);
    }
  }
  if (!xs.length) return null;
  const [left, right] = within(xs);
  const [top, bottom] = within(ys);
  const margin = 2 * MARGIN_SHARE * (bottom - top);
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    width: right - left + margin,
    height: bottom - top + margin,
  };
}

function within(values) {
  const sorted = Float64Array.from(values).sort();
  const out = Math.floor(OUTSIDE_SHARE * sorted.length);
  return [sorted[out], sorted[sorted.length - 1 - out]];
}

/** How a picture lies in a window: scale, and the point of the picture in the window's middle. */
export function framing([width, height], window_width, window_height, box) {
  const whole = Math.min(window_width / width, window_height / height);
  if (!box) return { scale: whole, x: width / 2, y: height / 2, whole };
  const wanted = Math.min(window_width / box.width, window_height / box.height);
  const scale = Math.max(whole, wanted);
  const inside = (middle, size, room) => {
    const half = room / scale / 2;
    return 2 * half >= size ? size / 2 : Math.max(half, Math.min(size - half, middle));
  };
  return { scale, x: inside(box.x, width, window_width), y: inside(box.y, height, window_height), whole };
}
