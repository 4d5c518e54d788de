// What the player says in words: where the rater is, whether everything is saved, what just happened.

const TOAST_MS = 1600;

const KEPT = "This browser keeps what waits, also when the tab is closed, and sends it as soon as it can.";
const ONLY_HERE = "The browser's storage is full or blocked: keep this tab open until it says Saved.";

/** What becomes of operations that are not saved yet. */
function waiting(n_unkept) {
  if (n_unkept) return "waiting, in this tab only: keep it open";
  return navigator.onLine ? "waiting to be saved" : "waiting to be saved: no network";
}

export class Status {
  constructor(root) {
    this.$ = (selector) => root.querySelector(selector);
  }

  place(rep, { place, n_reps }) {
    this.$(".rep-name").textContent = rep ? `Rep ${place + 1} of ${n_reps}` : n_reps ? `${n_reps} reps` : "No repetitions";
    this.$(".quality").textContent = rep?.quality === "bad" ? "Pose unreliable" : "";
    this.$(".quality").title = rep?.reasons.join(", ") ?? "";
  }

  /** Says "Saved" only when nothing waits and nothing was refused. */
  saved({ n_pending, n_unkept, refused }) {
    const parts = [];
    if (refused.length) parts.push(`${refused.length} not saved: ${refused.at(-1).message}`);
    if (n_pending) parts.push(`${n_pending} ${waiting(n_unkept)}`);
    const saved = this.$(".saved");
    saved.dataset.state = refused.length ? "refused" : n_pending ? "waiting" : "safe";
    saved.title = n_unkept ? ONLY_HERE : n_pending ? KEPT : "";
    this.$(".saved-words").textContent = parts.join(" · ") || "Saved";
    this.$(".dismiss").hidden = !refused.length;
  }

  allClear(words) {
    this.$(".all-clear span").textContent = words;
  }

  enable(commands) {
    for (const [command, isOn] of Object.entries(commands)) {
      this.$(`[data-command=${command}]`).disabled = !isOn;
    }
  }

  frame(frame, clock) {
    this.$(".frame").textContent = `Frame ${frame} / ${clock.n - 1}`;
    this.$(".time").textContent = `${clock.pts_s[frame].toFixed(3)} s`;
  }

  transport({ speed, isLooping }) {
    this.$(".speed").textContent = `${speed}×`.replace("-", "−");
    this.$("[data-command=loop]").setAttribute("aria-pressed", String(isLooping));
  }

  /** Over the picture, for eyes that stay on it. */
  toast(words, answer = null) {
    const toast = this.$(".toast");
    toast.textContent = words;
    toast.dataset.answer = answer ?? "";
    toast.classList.add("shown");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => toast.classList.remove("shown"), TOAST_MS);
  }

  notice(words, { canRetry = false } = {}) {
    this.$(".notice").hidden = !words;
    this.$(".notice p").textContent = words;
    this.$(".notice button").hidden = !canRetry;
  }

  destroy() {
    clearTimeout(this.timer);
  }
}
