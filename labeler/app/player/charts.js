// Under the timeline: how far hips and torso have come in the repetition, and how fast they turn.

const N_COURSES = 4; // progress of hip and torso, angular speed of hip and torso
const N_ANGLES = 2;
const PAD = { left: 30, right: 6, top: 6, bottom: 6 };
const PROGRESS_REACH = [-0.6, 1.6]; // farther out is not drawn: it would flatten the rest
const TICK_STEPS = [5, 10, 20, 50, 100, 200, 500, 1000, 2000];
const MIN_SPEED = 20;
const DASH = [6, 3];
const MARK_PX = 4;

/** What `labeler.workflows.courses.packed` packs: repetitions by id, angles of every frame. */
export function unpacked(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const numbers = new Float32Array(buffer, 4 + length);
  let at = 0;
  const take = (n_rows, n) => Array.from({ length: n_rows }, () => numbers.subarray(at, (at += n)));
  const angles = take(N_ANGLES, header.n_frames);
  const n_steps = 2 * header.n_per_phase + 1;
  const reps = new Map(
    header.reps.map((rep) => {
      const values = take(N_COURSES, rep.stop - rep.start);
      const [low, high] = rep.has_band ? [take(N_COURSES, n_steps), take(N_COURSES, n_steps)] : [];
      return [rep.rep_id, { ...rep, values, low, high }];
    }),
  );
  return { reps, angles, n_per_phase: header.n_per_phase };
}

/** One pair of courses over the time of a repetition. */
class Chart {
  constructor(root, places, onSeek, signal) {
    Object.assign(this, { root, places, onSeek, rep: null, clock: null });
    this.canvas = root.querySelector("canvas");
    this.head = root.querySelector(".head");
    this.legend = root.querySelectorAll(".legend span");
    root.addEventListener("pointerdown", (event) => this.grab(event), { signal });
    root.addEventListener("pointermove", (event) => event.buttons === 1 && this.seek(event), { signal });
    root.addEventListener("transitionend", () => this.draw(), { signal }); // another theme
  }

  show(rep, clock, n_per_phase) {
    Object.assign(this, { rep, clock, n_per_phase });
    this.draw();
  }

  grab(event) {
    if (event.button !== 0) return;
    this.root.setPointerCapture(event.pointerId);
    this.seek(event);
  }

  seek(event) {
    if (!this.rep) return;
    const share = (event.clientX - this.canvas.getBoundingClientRect().left - PAD.left) / this.width;
    const [from_s, to_s] = this.span;
    const time_s = from_s + Math.max(0, Math.min(1, share)) * (to_s - from_s);
    this.onSeek(this.clock.nearest(time_s));
  }

  get span() {
    return [this.clock.pts_s[this.rep.start], this.clock.pts_s[this.rep.stop - 1]];
  }

  get width() {
    return this.canvas.clientWidth - PAD.left - PAD.right;
  }

  x(time_s) {
    const [from_s, to_s] = this.span;
    return PAD.left + ((time_s - from_s) / Math.max(to_s - from_s, 1e-9)) * this.width;
  }

  y(value) {
    const [low, high] = this.reach;
    const height = this.canvas.clientHeight - PAD.top - PAD.bottom;
    return PAD.top + ((high - value) / (high - low)) * height;
  }

  /** The playhead moves by itself; nothing is drawn anew when a frame is stepped. */
  point(frame) {
    const isInside = this.rep && frame >= this.rep.start && frame < this.rep.stop;
    this.head.hidden = !isInside;
    if (isInside) this.head.style.transform = `translateX(${this.x(this.clock.pts_s[frame])}px)`;
  }

  draw() {
    const { canvas } = this;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (!this.rep) return;
    this.pen = pen;
    this.ink = getComputedStyle(this.root).color;
    this.reach = this.reached();
    this.drawGrid(width);
    this.places.forEach((place, i) => this.drawCourse(place, getComputedStyle(this.legend[i]).color, i));
  }

  drawGrid(width) {
    const { pen, rep, clock } = this;
    Object.assign(pen, { lineWidth: 1, strokeStyle: this.ink, fillStyle: this.ink, textAlign: "right", textBaseline: "middle" });
    pen.font = `11px ${getComputedStyle(this.root).fontFamily}`;
    for (const tick of this.ticks()) {
      pen.globalAlpha = 0.18;
      this.line([[PAD.left, this.y(tick)], [width - PAD.right, this.y(tick)]]);
      pen.globalAlpha = 0.75;
      pen.fillText(String(tick).replace("-", "−"), PAD.left - 5, this.y(tick));
    }
    pen.globalAlpha = 0.5;
    pen.setLineDash([2, 3]);
    const turn = this.x(clock.pts_s[rep.turn]);
    this.line([[turn, PAD.top], [turn, this.canvas.clientHeight - PAD.bottom]]);
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  drawCourse(place, paint, i) {
    const { pen, rep, clock } = this;
    if (rep.has_band) this.drawBand(rep.low[place], rep.high[place], paint);
    Object.assign(pen, { strokeStyle: paint, lineWidth: 2, lineJoin: "round" });
    pen.setLineDash(i ? DASH : []); // told apart without colour, too
    this.line(Array.from(rep.values[place], (value, at) => [this.x(clock.pts_s[rep.start + at]), this.y(value)]));
    pen.setLineDash([]);
  }

  /** A line through points; broken where one is NaN. */
  line(points) {
    const { pen } = this;
    pen.beginPath();
    let isDown = false;
    for (const [x, y] of points) {
      if (isDown) pen.lineTo(x, y);
      else pen.moveTo(x, y);
      isDown = !Number.isNaN(y);
    }
    pen.stroke();
  }

  drawBand(low, high, paint) {
    const { pen } = this;
    Object.assign(pen, { fillStyle: paint, globalAlpha: 0.16 });
    for (let i = 1; i < low.length; i++) {
      const edges = [[i - 1, low], [i, low], [i, high], [i - 1, high]];
      if (edges.some(([at, side]) => Number.isNaN(side[at]))) continue;
      pen.beginPath();
      for (const [at, side] of edges) pen.lineTo(this.x(this.bandTime(at)), this.y(side[at]));
      pen.fill();
    }
    pen.globalAlpha = 1;
  }

  /** Steps of a band are even from start to turn, and from there to the end. */
  bandTime(step) {
    const { clock, rep, n_per_phase } = this;
    const [start, turn, stop] = [rep.start, rep.turn, rep.stop - 1].map((frame) => clock.pts_s[frame]);
    const share = step / n_per_phase;
    return share <= 1 ? start + share * (turn - start) : turn + (share - 1) * (stop - turn);
  }

  /** Lowest and highest of what is drawn; of nothing, Infinity and -Infinity. */
  extremes() {
    const { rep, places } = this;
    const sides = [rep.values, rep.low, rep.high].filter(Boolean);
    const values = sides.flatMap((side) => places.flatMap((place) => Array.from(side[place])));
    const known = values.filter(Number.isFinite);
    return [Math.min(...known), Math.max(...known)];
  }
}

/** From the start (0) to the turn (1), with the moments at which half the way is done. */
class ProgressChart extends Chart {
  reached() {
    const [low, high] = this.extremes();
    return [Math.max(PROGRESS_REACH[0], Math.min(low, -0.1)), Math.min(PROGRESS_REACH[1], Math.max(high, 1.1))];
  }

  ticks() {
    return [0, 0.5, 1];
  }

  drawCourse(place, paint, i) {
    super.drawCourse(place, paint, i);
    const time_s = [this.rep.hip_t50_s, this.rep.torso_t50_s][i];
    if (time_s === null) return;
    const { pen } = this;
    const [x, y] = [this.x(time_s), this.y(0.5)];
    Object.assign(pen, { fillStyle: paint, strokeStyle: paint, lineWidth: 1.5 });
    this.line([[x, y], [x, this.canvas.clientHeight - PAD.bottom]]);
    pen.beginPath();
    if (i) pen.rect(x - MARK_PX, y - MARK_PX, 2 * MARK_PX, 2 * MARK_PX);
    else pen.arc(x, y, MARK_PX, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** In degrees per second, + into the effort. */
class SpeedChart extends Chart {
  reached() {
    const [low, high] = this.extremes();
    return [Math.min(low, -MIN_SPEED) * 1.08, Math.max(high, MIN_SPEED) * 1.08];
  }

  ticks() {
    const [low, high] = this.reach;
    const step = TICK_STEPS.find((one) => (high - low) / one <= 4) ?? TICK_STEPS.at(-1);
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
  }
}

export class Charts {
  /** @param {(frame: number) => void} onSeek */
  constructor(root, onSeek, signal) {
    this.root = root;
    this.why = root.querySelector(".why");
    this.good = root.querySelector(".good");
    this.charts = [
      new ProgressChart(root.querySelector(".progress"), [0, 1], onSeek, signal),
      new SpeedChart(root.querySelector(".speeds"), [2, 3], onSeek, signal),
    ];
    const resized = new ResizeObserver(() => this.redraw());
    resized.observe(root);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  /** Show a repetition's courses, or `empty`: the reason why there are none. */
  show(rep, clock, n_per_phase, empty) {
    this.why.textContent = rep?.why ?? empty;
    this.good.textContent = rep?.has_band ? `Band: ${rep.n_good_reps} good reps` : "";
    for (const chart of this.charts) chart.show(clock && rep, clock, n_per_phase);
    this.point(this.frame ?? 0);
  }

  point(frame) {
    this.frame = frame;
    if (!this.root.hidden) for (const chart of this.charts) chart.point(frame);
  }

  redraw() {
    for (const chart of this.charts) chart.draw();
    this.point(this.frame ?? 0);
  }
}
