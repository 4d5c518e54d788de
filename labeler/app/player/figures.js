// Drawn over the picture beside the skeleton: where joints have been, and lines with their angles.

const SIDES = { shoulders: [11, 12], wrists: [15, 16], hips: [23, 24], knees: [25, 26] };
const FIGURE_PAINTS = { shoulders: "#ffb000", wrists: "#f0e442", hips: "#56b4e9", knees: "#e58fc4" };
const FIGURE_HALO = "rgba(0, 0, 0, .55)";
const LONGEST_TRAIL_S = 4;
const LINES = [["hips", "shoulders"], ["hips", "knees"]]; // in the order of the angles
const PLUMB_SHARE = 0.6; // of the line beside it

/** The middle of both sides as far as they are seen, in pixels of the picture; null where neither is. */
export function middleOf(stage, joint, frame) {
  const seen = SIDES[joint].map((landmark) => stage.landmark(frame, landmark)).filter(Boolean);
  if (!seen.length) return null;
  const mean = (axis) => seen.reduce((sum, point) => sum + point[axis], 0) / seen.length;
  return { x: mean("x"), y: mean("y") };
}

function stroke(pen, width, paint) {
  for (const [extra, colour] of [[width * 1.2, FIGURE_HALO], [0, paint]]) {
    Object.assign(pen, { lineWidth: width + extra, strokeStyle: colour });
    pen.stroke();
  }
}

/** The way of four joints from the start of the repetition to the frame in sight. */
export function drawTrails(pen, stage, rep) {
  const { frame, clock, place } = stage;
  const earliest = clock.frameAt(clock.pts_s[frame] - LONGEST_TRAIL_S);
  const first = rep && rep.start <= frame && frame < rep.stop ? Math.max(rep.start, earliest) : frame;
  const width = stage.penWidth * 0.8;
  for (const joint of Object.keys(SIDES)) {
    pen.beginPath();
    let last = null;
    for (let at = first; at <= frame; at++) {
      const middle = middleOf(stage, joint, at);
      const point = middle && place(middle.x, middle.y);
      if (point && last) pen.lineTo(point.x, point.y);
      else if (point) pen.moveTo(point.x, point.y);
      last = point;
    }
    stroke(pen, width, FIGURE_PAINTS[joint]);
    if (last) drawDot(pen, last, width * 2, FIGURE_PAINTS[joint]);
  }
}

function drawDot(pen, { x, y }, radius, paint) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = paint;
  pen.fill();
}

/** Trunk and thigh against the plumb line through the hips, with the angles that were measured. */
export function drawLines(pen, stage, angles) {
  const hips = middleOf(stage, "hips", stage.frame);
  if (!hips) return;
  const from = stage.place(hips.x, hips.y);
  LINES.forEach(([, joint], i) => {
    const end = middleOf(stage, joint, stage.frame);
    if (!end) return;
    const to = stage.place(end.x, end.y);
    const length = Math.hypot(to.x - from.x, to.y - from.y) * PLUMB_SHARE;
    pen.setLineDash([stage.penWidth * 3, stage.penWidth * 3]);
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(from.x, from.y + (joint === "knees" ? length : -length));
    stroke(pen, stage.penWidth * 0.6, "#fff");
    pen.setLineDash([]);
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    stroke(pen, stage.penWidth * 1.5, FIGURE_PAINTS[joint === "knees" ? "hips" : joint]);
    const angle = angles?.[i][stage.frame] ?? NaN;
    if (!Number.isNaN(angle)) drawAngle(pen, stage, to, angle);
  });
}

function drawAngle(pen, stage, { x, y }, angle_deg) {
  const size = Math.max(13 * (window.devicePixelRatio || 1), stage.penWidth * 6);
  const words = `${Math.round(angle_deg) || 0}°`.replace("-", "−");
  pen.font = `600 ${size}px system-ui, sans-serif`;
  Object.assign(pen, { textAlign: "center", textBaseline: "middle", fillStyle: "rgba(11, 13, 16, .84)" });
  const [width, height] = [pen.measureText(words).width + size * 0.7, size * 1.4];
  const left = Math.max(0, Math.min(stage.canvas.width - width, x + size * 0.8));
  const top = Math.max(0, Math.min(stage.canvas.height - height, y - height / 2));
  pen.fillRect(left, top, width, height);
  pen.fillStyle = "#fff";
  pen.fillText(words, left + width / 2, top + height / 2);
}
