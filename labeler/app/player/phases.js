// The phases of a repetition: the way to the turn and the way from it, by the names of the movement.

const TURN = "turn";

/** The phase that a frame lies in; nothing outside of the repetition. */
export function phaseAt(frame, rep, [before, after]) {
  if (!rep || frame < rep.start || frame >= rep.stop) return "";
  if (frame === rep.turn) return TURN;
  return frame < rep.turn ? before : after;
}

/** What an edge is, between its phases; for whoever is about to move it. */
export function edgeWords(edge, [before, after]) {
  return { start: `Start: the ${before} begins`, turn: `Turn: the ${before} ends, the ${after} begins`, stop: `End of the ${after}` }[edge];
}

/** How long both take, on the frames' own times. */
export function phaseWords(rep, [before, after], clock) {
  const [start, turn, stop] = [rep.start, rep.turn, rep.stop].map((frame) => clock.boundary(frame));
  return `${before[0].toUpperCase()}${before.slice(1)} ${(turn - start).toFixed(2)} s, ${after} ${(stop - turn).toFixed(2)} s.`;
}
