// Repetitions cut by hand: a new one, one taken out, two of one, one of two.

const HALF_REP_S = 1; // how far a new repetition reaches at first, either way

/** A repetition cut by hand around a frame, between its neighbours; null where one is already. */
export function cutAround(frame, reps, clock) {
  if (reps.some((rep) => rep.start <= frame && frame < rep.stop)) return null;
  const before = Math.max(0, ...reps.filter((rep) => rep.stop <= frame).map((rep) => rep.stop));
  const after = Math.min(clock.n, ...reps.filter((rep) => rep.start > frame).map((rep) => rep.start));
  const at_s = clock.pts_s[frame];
  const start = Math.max(before, clock.frameAt(at_s - HALF_REP_S));
  return { start, turn: frame, stop: Math.min(after, clock.frameAt(at_s + HALF_REP_S) + 1) };
}

/** Candidates that the machine turned down, as far as they share no frame with a repetition. */
export function uncounted(candidates, reps) {
  return candidates.filter(({ start, stop }) => reps.every((rep) => rep.stop <= start || stop <= rep.start));
}

/** A repetition at the frame in sight: the candidate that lies there, else one cut around it. */
export function addRep(player) {
  const { stage, status, reps } = player;
  if (!stage.isReady) return;
  const frame = stage.target;
  const candidate = uncounted(player.data.turned_down, reps).find((c) => c.start <= frame && frame < c.stop);
  if (candidate) return void countAfterAll(player, candidate);
  const cut = cutAround(frame, reps, stage.clock);
  if (!cut) {
    status.toast("This frame is in a repetition already.");
    return;
  }
  postCut(player, cut);
  const [start, turn, stop] = ["markStart", "markTurn", "markStop"].map((edge) => player.keys.called(edge));
  status.toast(`New repetition. ${start}, ${turn} and ${stop} set its start, turn and end.`);
}

const isFree = (frame, reps) => reps.every((rep) => frame < rep.start || rep.stop <= frame);

/** Whether the start of `rep` could be moved to a frame: nothing lies between the two. */
function isBefore(rep, frame, reps) {
  return frame < rep.stop && reps.every((other) => other.id === rep.id || other.stop <= frame || rep.start <= other.start);
}

/** The repetition starts here. Where it cannot, a new one begins, which `markOut` ends. */
export function markIn(player) {
  const { rep, reps, stage } = player;
  if (!stage.isReady) return;
  const frame = stage.target;
  const isNew = isFree(frame, reps) && !(rep && isBefore(rep, frame, reps));
  cutFrom(player, isNew ? frame : null);
  if (isNew) player.status.toast(`A repetition begins here. ${player.keys.called("markStop")} ends it, Esc gives it up.`);
  else if (rep) mark(player, "start");
  else player.status.toast("This frame is in a repetition already.");
}

/** The repetition ends after this frame: the one just begun, else the one in work. */
export function markOut(player) {
  const { rep, reps, stage, status, cutStart } = player;
  if (!stage.isReady) return;
  const stop = stage.target + 1;
  const [begin, end, turn, undo] = ["markStart", "markStop", "markTurn", "undo"].map((one) => player.keys.called(one));
  if (cutStart === null) return rep ? mark(player, "stop") : status.toast(`Press ${begin} first, where the repetition begins.`);
  if (stop - cutStart < 2) return status.toast(`The end comes after the start. Go on, then press ${end}.`);
  if (reps.some((other) => other.start < stop && cutStart < other.stop)) {
    return status.toast(`Another repetition lies between. ${begin} begins anew, Esc gives it up.`);
  }
  postCut(player, { start: cutStart, turn: null, stop });
  status.toast(`New repetition. ${turn} sets its turn, ${undo} takes it back.`);
}

/** The frame where a repetition was begun that has no end yet, or null. */
export function cutFrom(player, frame) {
  player.cutStart = frame;
  player.timeline.renderIn(frame);
}

/** Two repetitions of one: the frame in sight is the first of the second. */
export function splitRep(player) {
  const { rep, stage, status } = player;
  if (!rep || !stage.isReady) return;
  player.edges.commit();
  const frame = stage.target;
  if (frame <= rep.start || frame >= rep.stop) {
    return status.toast(`Go to the frame in repetition ${rep.index} where the second one begins.`);
  }
  expect(player, rep.start);
  player.post({ op: "split", rep: rep.id, frame });
  status.toast(`Split. Both are not rated yet; ${player.keys.called("undo")} brings the old one back.`);
}

/** One repetition of this one and the next. */
export function mergeReps(player) {
  const { rep, reps, status } = player;
  if (!rep) return;
  player.edges.commit();
  const next = reps[reps.findIndex((other) => other.id === rep.id) + 1];
  if (!next) return status.toast("No repetition comes after this one.");
  expect(player, rep.start);
  player.post({ op: "merge", rep: rep.id, next: next.id });
  status.toast(`Merged. It is not rated yet; ${player.keys.called("undo")} brings both back.`);
}

/** Remember which new repetition to go to, once Python has named it. */
function expect(player, start) {
  player.expected = { start, known: new Set(player.data.reps.map((rep) => rep.id)), last: player.repId };
}

/** Make a repetition of what was not counted. */
export function countAfterAll(player, { start, turn, stop }) {
  postCut(player, { start, turn, stop });
  player.status.toast(`Counted. ${player.keys.called("undo")} takes it back.`);
}

function postCut(player, cut) {
  expect(player, cut.start);
  player.repId = null; // a key pressed now is not about the one before
  cutFrom(player, null);
  player.post({ op: "add_rep", ...cut });
}

export function deleteRep(player) {
  const { rep, reps } = player;
  if (!rep) return;
  const place = reps.indexOf(rep);
  player.repId = (reps[place + 1] ?? reps[place - 1])?.id ?? null;
  player.edges.reset();
  player.post({ op: "delete_rep", rep: rep.id });
  player.status.toast(`Repetition ${rep.index} is taken out. ${player.keys.called("undo")} brings it back.`);
}

/** Go to a new repetition as soon as Python has named it; when one is gone, to what is there now. */
export function meetAdded(player) {
  const { expected, reps } = player;
  const added = expected && player.data.reps.find((rep) => rep.start === expected.start && !expected.known.has(rep.id));
  if (added) {
    player.expected = null;
    return player.select(added.id);
  }
  if (player.rep || !reps.length || player.n_pending) return;
  player.expected = null; // refused, or taken back
  const frame = player.stage.target;
  player.repId = (reps.find((rep) => rep.id === expected?.last) ?? reps.find((rep) => frame < rep.stop) ?? reps.at(-1)).id;
  player.render();
}

/** Put an edge of the repetition at the frame in sight; its end comes after that frame. */
export function mark(player, edge) {
  player.moveEdge(edge, player.stage.target + (edge === "stop" ? 1 : 0));
  player.edges.commit();
}
