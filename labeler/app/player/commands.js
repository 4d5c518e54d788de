// What each command does. Keys (keymap.js) and buttons (data-command) both lead here.

import { NOT_RATED } from "./answers.js";
import { clearAndGoOn } from "./course.js";
import { addRep, cutFrom, deleteRep, mark, markIn, markOut, mergeReps, splitRep } from "./cutting.js";

/** Said as it is: where nothing is left to take back, nothing was. */
function takeBack(player, op) {
  const { n_pending, data, status } = player;
  if (n_pending > 0 || data[`can_${op}`]) player.history(op);
  else status.toast(`Nothing to ${op} in this clip.`);
}

export const COMMANDS = {
  play: (p) => p.transport.toggle(),
  forward: (p) => p.transport.forward(),
  backward: (p) => p.transport.backward(),
  stop: (p) => p.transport.stop(),
  slower: (p) => p.transport.changeRate(-1),
  faster: (p) => p.transport.changeRate(1),
  loop: (p) => p.looping.toggle(),
  loopMargin: (p) => p.looping.changeMargin(),
  pose: (p) => p.eyes.toggle("pose"),
  back: (p) => p.eyes.toggle("back"),
  trails: (p) => p.eyes.toggle("trails"),
  lines: (p) => p.eyes.toggle("lines"),
  zoom: (p) => p.eyes.toggle("zoom"),
  beside: (p) => p.eyes.beside.cycle(),
  charts: (p) => p.eyes.toggle("charts"),
  back1: (p) => p.transport.step(-1),
  on1: (p) => p.transport.step(1),
  back10: (p) => p.transport.step(-10),
  on10: (p) => p.transport.step(10),
  backSecond: (p) => p.transport.skip(-1),
  onSecond: (p) => p.transport.skip(1),
  repStart: (p) => p.rep && p.transport.goTo(p.rep.start),
  repStop: (p) => p.rep && p.transport.goTo(p.rep.stop - 1),
  unrate: (p) => p.faultId && p.answer(p.faultOf(p.faultId), NOT_RATED),
  note: (p) => p.remarks.note(),
  confidence: (p) => p.remarks.confidence(),
  moment: (p) => p.remarks.moments.stamp(),
  toMoment: (p) => p.remarks.moments.go(p.faultId),
  faultUp: (p) => p.focusNext(-1),
  faultDown: (p) => p.focusNext(1),
  allClear: (p) => clearAndGoOn(p),
  nextRep: (p) => p.goToRep(1),
  previousRep: (p) => p.goToRep(-1),
  nextClip: (p) => p.nextClip(),
  addRep: (p) => addRep(p),
  deleteRep: (p) => deleteRep(p),
  splitRep: (p) => splitRep(p),
  mergeReps: (p) => mergeReps(p),
  markStart: (p) => markIn(p),
  markTurn: (p) => mark(p, "turn"),
  markStop: (p) => markOut(p),
  edgeBefore: (p) => p.chooseEdge(p.edges.neighbour(-1)),
  edgeAfter: (p) => p.chooseEdge(p.edges.neighbour(1)),
  nudgeBack1: (p) => p.nudge(-1),
  nudgeOn1: (p) => p.nudge(1),
  nudgeBack5: (p) => p.nudge(-5),
  nudgeOn5: (p) => p.nudge(5),
  undo: (p) => takeBack(p, "undo"),
  redo: (p) => takeBack(p, "redo"),
  history: (p) => p.drawer.toggle(),
  help: (p) => p.keys.toggle(),
  escape: (p) => (p.keys.toggle(false), cutFrom(p, null)),
  resetKeys: (p) => p.tell("rebind", { reset: true }),
  dismiss: (p) => p.dismiss(),
  retry: (p) => p.load(p.stage.frame),
};

/** A held key must not do these again and again. */
export const ONCE = new Set(
  "allClear nextClip addRep deleteRep splitRep mergeReps history unrate note confidence moment play loop loopMargin pose back trails lines zoom beside charts help markStart markTurn markStop undo redo".split(" "),
);

/** These work while the sheet of keys is open. */
export const ON_SHEET = new Set(["help", "escape", "resetKeys"]);
