// Every key of the player in one table: what a press means, and what the sheet of keys says.

export const KEYMAP = [
  {
    title: "Play",
    keys: [
      [["Space"], "play", "Play or pause"],
      [["J"], "backward", "Play backward; again: faster"],
      [["K"], "stop", "Stop"],
      [["L"], "forward", "Play; again: faster"],
      [["-"], "slower", "Slower, down to 0.1×"],
      [["+"], "faster", "Faster, up to 2×"],
      [["Shift L"], "loop", "Loop the repetition"],
    ],
  },
  {
    title: "Eyes",
    keys: [
      [["H"], "pose", "Show or hide skeleton and back"],
      [["Shift J"], "trails", "Show or hide the way of the joints"],
      [["Shift U"], "lines", "Show or hide trunk and thigh with their angles"],
      [["Shift O"], "zoom", "Closer to the athlete, or the whole picture"],
      [["Shift P"], "beside", "Beside it: the athlete’s best, another camera, nothing"],
      [["Shift C"], "charts", "Show or hide the curves of hips and torso"],
    ],
  },
  {
    title: "Frames",
    keys: [
      [["←"], "back1", "One frame back"],
      [["→"], "on1", "One frame on"],
      [["Shift ←"], "back10", "Ten frames back"],
      [["Shift →"], "on10", "Ten frames on"],
      [["Home"], "repStart", "Start of the repetition"],
      [["End"], "repStop", "Last frame of the repetition"],
    ],
  },
  {
    title: "Faults",
    keys: [
      [["1"], "", "The fault’s own key: slight, clear, severe, absent"],
      [["Shift 1"], "", "The fault is not visible"],
      [["Backspace"], "unrate", "Back to not rated"],
      [["↑"], "faultUp", "Fault above"],
      [["↓"], "faultDown", "Fault below"],
      [["Enter", "C"], "allClear", "All others absent, next repetition"],
    ],
  },
  {
    title: "Other",
    keys: [
      [["U", "Z"], "undo", "Undo"],
      [["Y", "Shift Z"], "redo", "Redo"],
      [["?"], "help", "This sheet"],
      [["Esc"], "escape", "Close"],
    ],
  },
  {
    title: "Repetitions",
    keys: [
      [["N", "PageDown"], "nextRep", "Next repetition"],
      [["P", "PageUp"], "previousRep", "Previous repetition"],
      [["Shift N"], "nextClip", "Next clip that is not finished"],
      [["Shift I"], "addRep", "New repetition at this frame"],
      [["Delete"], "deleteRep", "Take the repetition out"],
      [["Shift K"], "splitRep", "Split it: the second begins at this frame"],
      [["Shift H"], "history", "History of the repetition; restore a state"],
      [["Shift M"], "mergeReps", "Merge it with the next one"],
      [["I"], "markStart", "Start at this frame; beside all repetitions: begin a new one"],
      [["M"], "markTurn", "Turn at this frame"],
      [["O"], "markStop", "End after this frame, also of the one begun with I"],
      [["["], "edgeBefore", "Choose the edge before"],
      [["]"], "edgeAfter", "Choose the edge after"],
      [[","], "nudgeBack1", "Move the edge one frame back"],
      [["."], "nudgeOn1", "Move the edge one frame on"],
      [["Shift ,"], "nudgeBack5", "Move the edge five frames back"],
      [["Shift ."], "nudgeOn5", "Move the edge five frames on"],
    ],
  },
];

const NAMES = {
  " ": "Space", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc",
  "=": "+", _: "-",
};
const SHIFTED_PLACES = { Comma: "Shift ,", Period: "Shift ." }; // their shifted signs differ by layout
const SHIFT_IS_IN_THE_SIGN = new Set(["?", "+", "-", "[", "]", "Shift ,", "Shift ."]);
const MEANINGS = new Map(
  KEYMAP.flatMap(({ keys }) => keys.flatMap(([names, command]) => names.map((n) => [n, command]))),
);

/** Digits go by place, so that the number row works unshifted on every layout; letters by sign. */
function plainName(event) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (digit) return digit[1];
  if (event.shiftKey && event.code in SHIFTED_PLACES) return SHIFTED_PLACES[event.code];
  return NAMES[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
}

/** What a key press means: `{command}`, `{faultKey, isShifted}`, or neither. */
export function meaning(event, faultKeys) {
  const name = plainName(event);
  if (faultKeys.has(name.toLowerCase())) {
    return { faultKey: name.toLowerCase(), isShifted: event.shiftKey };
  }
  const full = event.shiftKey && !SHIFT_IS_IN_THE_SIGN.has(name) ? `Shift ${name}` : name;
  return { command: MEANINGS.get(full) };
}

const cap = (name) => name.split(" ").map((part) => `<kbd>${part}</kbd>`).join("");

/** The sheet of keys as HTML; nothing in it comes from outside this file. */
export function keySheet() {
  const line = ([names, , words]) => `<dt>${names.map(cap).join(" <i>or</i> ")}</dt><dd>${words}</dd>`;
  const group = ({ title, keys }) => `<section><h3>${title}</h3><dl>${keys.map(line).join("")}</dl></section>`;
  return KEYMAP.map(group).join("");
}
