// Repetitions cut by hand: a new one around the frame in sight, or one taken out.

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
  status.toast("New repetition. I, M and O set its start, turn and end.");
}

/** Make a repetition of what was not counted. */
export function countAfterAll(player, { start, turn, stop }) {
  postCut(player, { start, turn, stop });
  player.status.toast("Counted. U takes it back.");
}

function postCut(player, cut) {
  player.addedTurn = cut.turn;
  player.post({ op: "add_rep", ...cut });
}

export function deleteRep(player) {
  const { rep, reps } = player;
  if (!rep) return;
  const place = reps.indexOf(rep);
  player.repId = (reps[place + 1] ?? reps[place - 1])?.id ?? null;
  player.edges.reset();
  player.post({ op: "delete_rep", rep: rep.id });
  player.status.toast(`Repetition ${rep.index} is taken out. U brings it back.`);
}

/** Go to a new repetition as soon as Python has named it. */
export function meetAdded(player) {
  const added = player.data.reps.find((rep) => rep.turn === player.addedTurn);
  if (!added) return;
  player.addedTurn = null;
  player.select(added.id);
}

/** Put an edge of the repetition at the frame in sight; its end comes after that frame. */
export function mark(player, edge) {
  player.moveEdge(edge, player.stage.target + (edge === "stop" ? 1 : 0));
  player.edges.commit();
}
