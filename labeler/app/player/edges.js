// Moving where a repetition starts, turns and ends. The move shows at once; it becomes one operation
// when the rater pauses, lets go, or does something else.

export const EDGES = ["start", "turn", "stop"];
const EDIT_PAUSE_MS = 500;

/** `rep` with one edge moved as far as its own order and its neighbours let it. */
export function moved(rep, edge, frame, { reps, n_frames }) {
  const others = reps.filter((other) => other.id !== rep.id);
  const before = Math.max(0, ...others.filter((r) => r.stop <= rep.start).map((r) => r.stop));
  const after = Math.min(n_frames, ...others.filter((r) => r.start >= rep.stop).map((r) => r.start));
  const limits = { start: [before, rep.turn], turn: [rep.start, rep.stop - 1], stop: [rep.turn + 1, after] };
  const [low, high] = limits[edge];
  return { ...rep, [edge]: Math.max(low, Math.min(high, frame)) };
}

const SNAP_PX = 6;

/** The frame that a dragged edge is meant for: the nearest one that it snaps to, if one is near. */
export function snapped(frame, frames, x_px) {
  const off = (other) => Math.abs(x_px(other) - x_px(frame));
  const nearest = frames.reduce((best, other) => (off(other) < off(best) ? other : best), frames[0]);
  return frames.length && off(nearest) <= SNAP_PX ? nearest : frame;
}

/** The frame to look at when an edge is chosen: of the end, the last one that belongs to the rep. */
export function frameOfEdge(rep, edge) {
  return edge === "stop" ? rep.stop - 1 : rep[edge];
}

export class EdgeEditor {
  /** @param {(rep: object) => void} onDone takes the moved rep */
  constructor(onDone) {
    this.onDone = onDone;
    this.reset();
  }

  reset() {
    clearTimeout(this.timer);
    this.edge = EDGES[0];
    this.edit = null;
  }

  /** The edge before or after the chosen one, without wrapping. */
  neighbour(n_edges) {
    const place = EDGES.indexOf(this.edge) + n_edges;
    return EDGES[Math.max(0, Math.min(EDGES.length - 1, place))];
  }

  move(rep, edge, frame, context) {
    this.edge = edge;
    this.edit = moved(rep, edge, frame, context);
  }

  commitSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.commit(), EDIT_PAUSE_MS);
  }

  commit() {
    clearTimeout(this.timer);
    const { edit } = this;
    this.edit = null;
    if (edit) this.onDone(edit);
  }

  /** The reps with the move in hand on top. */
  over(reps) {
    return reps.map((rep) => (rep.id === this.edit?.id ? { ...rep, ...pickEdges(this.edit) } : rep));
  }
}

export function pickEdges({ start, turn, stop }) {
  return { start, turn, stop };
}
