// What a key press is called, and what it means to this rater. The table itself comes from Python.

const NAMES = { " ": "Space", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", "=": "+", _: "-" };
const SIGNS_BY_PLACE = { Comma: ",", Period: "." }; // their shifted signs differ by layout
const MODIFIERS = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process"]);

/** Digits go by place, so that the number row works unshifted on every layout; letters by sign. */
function plainName(event) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (digit) return digit[1];
  if (event.shiftKey && event.code in SIGNS_BY_PLACE) return SIGNS_BY_PLACE[event.code];
  return NAMES[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
}

/** Whether Shift is already in the sign, as in "?": then it is not said again. */
function hasShiftInside(name, event) {
  const isLetter = name.toLowerCase() !== name.toUpperCase();
  return name.length === 1 && !isLetter && !/[\d←→↑↓]/.test(name) && !(event.code in SIGNS_BY_PLACE);
}

/** As the table of keys calls it; null for a key that only changes others. */
export function nameOf(event) {
  if (MODIFIERS.has(event.key)) return null;
  const name = plainName(event);
  return event.shiftKey && !hasShiftInside(name, event) ? `Shift ${name}` : name;
}

/** Each key with its command; the keys of faults come with the faults. */
export function meaningsOf(groups) {
  const lines = groups.flatMap(({ lines }) => lines);
  return new Map(lines.flatMap(({ action, keys }) => keys.map((key) => [key, action])));
}

/** What a key press means: `{command}`, `{faultKey, isShifted}`, or neither. */
export function meaning(event, meanings, faultKeys) {
  const name = nameOf(event);
  if (name === null) return {};
  const faultKey = name.replace(/^Shift /, "").toLowerCase();
  if (faultKeys.has(faultKey)) return { faultKey, isShifted: event.shiftKey };
  return { command: meanings.get(name) };
}
