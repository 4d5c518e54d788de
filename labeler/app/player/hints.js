// What to do next, in words, where there is nothing to show.

/** Beside the faults, while none is in focus. */
export function hintOf(player) {
  const { keys, data, reps } = player;
  if (reps.length) return "Press a fault’s key to answer it and to read what each severity looks like.";
  const marks = data.turned_down.length ? " What was looked at and not counted is dotted on the timeline." : "";
  const byHand = `Or cut them by hand: ${keys.called("markStart")} begins one, ${keys.called("markStop")} ends it.`;
  return ["This clip has no repetitions.", data.advice, byHand].filter(Boolean).join(" ") + marks;
}
