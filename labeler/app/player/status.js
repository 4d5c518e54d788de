// What the player says in words: where the rater is, whether everything is saved, what just happened.

const TOAST_MS = 1600;

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
  saved(n_pending, refused) {
    const [state, words] = refused.length
      ? ["refused", `${refused.length} not saved: ${refused.at(-1).message}`]
      : n_pending
        ? ["waiting", `${n_pending} waiting to be saved`]
        : ["safe", "Saved"];
    this.$(".saved").dataset.state = state;
    this.$(".saved-words").textContent = words;
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
