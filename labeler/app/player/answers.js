// What the rater has said: the five answers, and pending operations laid over what Python knows.

export const ANSWERS = ["0", "1", "2", "3", "NV"];
export const NOT_RATED = null;

export const WORDS = new Map([
  [NOT_RATED, "not rated yet"],
  ["0", "absent"],
  ["1", "slight"],
  ["2", "clear"],
  ["3", "severe"],
  ["NV", "not visible"],
]);

const BARS = (n) =>
  [0, 1, 2]
    .map((i) => {
      const height = 4 + 4 * i;
      const paint = i < n ? 'fill="currentColor"' : 'fill="none" stroke="currentColor" opacity=".45"';
      return `<rect x="${1.5 + 5 * i}" y="${14 - height}" width="3.5" height="${height}" ${paint}/>`;
    })
    .join("");

const PICTURES = new Map([
  [NOT_RATED, '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-dasharray="2.2 2.2"/>'],
  ["0", '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M5 8.2l2.2 2.2L11.2 6" fill="none" stroke="currentColor" stroke-width="1.7"/>'],
  ["1", BARS(1)],
  ["2", BARS(2)],
  ["3", BARS(3)],
  ["NV", '<path d="M1.5 8s2.5-4.2 6.5-4.2S14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8z" fill="none" stroke="currentColor" stroke-width="1.3"/><path d="M2.5 13.5l11-11" stroke="currentColor" stroke-width="1.6"/>'],
]);

/** A picture of an answer that differs in shape, not only in colour. */
export function glyph(answer) {
  return `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${PICTURES.get(answer)}</svg>`;
}

/** The answer after one more press of the fault's key: 1, 2, 3, 0, 1 ... */
export function pressed(answer) {
  const severity = ["0", "1", "2", "3"].indexOf(answer);
  return String((Math.max(severity, 0) + 1) % 4);
}

const EFFECTS = {
  answer(rep, op) {
    const { confidence = null, note = null, moment = null } = op;
    delete rep.remarks[op.fault];
    if (op.answer === NOT_RATED) delete rep.answers[op.fault];
    else rep.answers[op.fault] = op.answer;
    if (confidence !== null || note || moment !== null) rep.remarks[op.fault] = { confidence, note, moment };
  },
  all_clear(rep, op) {
    for (const id of op.absent ?? []) rep.answers[id] ??= "0";
    for (const id of op.unseen ?? []) rep.answers[id] ??= "NV";
  },
  edges(rep, op) {
    Object.assign(rep, { start: op.start, turn: op.turn, stop: op.stop });
  },
};

/** The reps that an operation takes out; what comes in their place waits for Python to name it. */
function takenOut(op) {
  return ["delete_rep", "split", "merge"].includes(op.op) ? [op.rep, op.next] : [];
}

/** What is left of pending operations once they undo and redo each other. What Python has saved
 * already is undone only when Python says so. */
function standing(all) {
  const [ops, undone] = [[], []];
  let n_beyond = 0; // undo operations that reach past what is pending
  for (const op of all) {
    if (op.op === "undo" && ops.length) undone.push(ops.pop());
    else if (op.op === "undo") n_beyond++;
    else if (op.op === "redo" && n_beyond) n_beyond--;
    else if (op.op === "redo") ops.push(...undone.splice(-1));
    else {
      ops.push(op);
      undone.length = n_beyond = 0;
    }
  }
  return ops;
}

/** The reps as they will be once every pending operation is saved. */
export function replay(reps, pending) {
  const ops = standing(pending);
  const gone = new Set(ops.flatMap(takenOut));
  const left = reps.filter((rep) => !gone.has(rep.id));
  const after = left.map((rep) => ({ ...rep, answers: { ...rep.answers }, remarks: { ...rep.remarks } }));
  for (const op of ops) {
    const rep = after.find((r) => r.id === op.rep);
    if (rep) EFFECTS[op.op]?.(rep, op);
  }
  return after;
}

/** How many of the faults that this view can show are answered. */
export function progress(rep, faults) {
  const asked = faults.filter((fault) => fault.is_visible);
  return { n_done: asked.filter((fault) => fault.id in rep.answers).length, n_asked: asked.length };
}
