// Sheets that lie over the player: while one is open, Tab stays inside.

const REACHABLE = "button:not(:disabled), input:not([hidden]), [tabindex='0']";

export function keepFocusIn(root, signal) {
  root.addEventListener("keydown", (event) => event.key === "Tab" && goRound(root, event), { signal });
}

function goRound(root, event) {
  const stops = [...root.querySelectorAll(REACHABLE)].filter((one) => one.offsetParent !== null);
  const at = stops.indexOf(root.getRootNode().activeElement);
  const next = event.shiftKey ? (at > 0 ? at - 1 : stops.length - 1) : (at + 1) % stops.length;
  event.preventDefault();
  stops[next]?.focus();
}
