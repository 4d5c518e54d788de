// The clip from end to end: repetitions with draggable edges above, a ruler to scrub on below.

import { glyph, progress } from "./answers.js";
import { EDGES, snapped } from "./edges.js";
import { edgeWords, phaseAt, phaseWords } from "./phases.js";

const TICK_STEPS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
const MIN_TICK_PX = 56;

export class Timeline {
  /** @param {{onScrub, onSelect, onEdge, onEdgeDone, onCount}} told */
  constructor(root, told, signal) {
    this.root = root;
    this.reps = root.querySelector(".reps");
    this.ruler = root.querySelector(".ruler");
    this.playhead = root.querySelector(".playhead");
    this.snaps = {};
    this.begun = Object.assign(document.createElement("span"), { className: "begun", textContent: "[", hidden: true });
    this.phase = Object.assign(document.createElement("span"), { className: "phase" });
    this.playhead.append(this.phase);
    root.append(this.begun);
    this.told = told;
    this.clock = null;
    this.drag = null;
    this.blocks = new Map();
    root.addEventListener("pointerdown", (event) => this.grab(event), { signal });
    root.addEventListener("pointermove", (event) => this.pull(event), { signal });
    for (const name of ["pointerup", "pointercancel"]) {
      root.addEventListener(name, () => this.release(), { signal });
    }
    const resized = new ResizeObserver(() => this.measure());
    resized.observe(root);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  open(clock) {
    this.clock = clock;
    this.playhead.setAttribute("aria-valuemax", clock.n - 1);
    this.measure();
  }

  close() {
    this.clock = null;
    this.drag = null;
    this.ghosts = null;
    this.begun.hidden = true;
    this.blocks.clear();
    this.reps.replaceChildren();
    this.ruler.replaceChildren();
  }

  measure() {
    this.width_px = this.root.clientWidth;
    if (this.clock) this.drawTicks();
    this.point(this.frame ?? 0);
  }

  share(frame) {
    return this.clock.boundary(frame) / this.clock.duration_s;
  }

  /** Put the playhead on a frame; nothing else is touched, so that stepping stays quick. */
  point(frame) {
    this.frame = frame;
    if (!this.clock) return;
    this.playhead.setAttribute("aria-valuenow", frame);
    this.playhead.setAttribute("aria-valuetext", `Frame ${frame}, ${this.clock.pts_s[frame].toFixed(2)} s`);
    this.playhead.style.transform = `translateX(${this.share(frame) * this.width_px}px)`;
    this.tellPhase();
  }

  /** Beside the playhead, which phase of the selected repetition the frame on screen lies in. */
  tellPhase() {
    if (this.frame === undefined || !this.phases) return;
    this.phase.textContent = phaseAt(this.frame, this.selected, this.phases);
    this.phase.classList.toggle("left", this.share(this.frame) > 0.5);
  }

  drawTicks() {
    const { duration_s } = this.clock;
    const fits = (step) => (step / duration_s) * this.width_px >= MIN_TICK_PX;
    const step = TICK_STEPS_S.find(fits) ?? TICK_STEPS_S.at(-1);
    const ticks = [];
    const room_s = (MIN_TICK_PX / 2 / this.width_px) * duration_s; // a label needs some to its right
    for (let i = 0; i * step < duration_s - room_s; i++) {
      const tick = document.createElement("span");
      tick.style.left = `${((i * step) / duration_s) * 100}%`;
      tick.textContent = `${(i * step).toFixed(step < 1 ? 1 : 0)} s`;
      ticks.push(tick);
    }
    this.ruler.replaceChildren(...ticks);
  }

  render(reps, { selectedId, edge, faults, phases }) {
    if (!this.clock) return;
    Object.assign(this, { phases, selected: reps.find((rep) => rep.id === selectedId) });
    this.tellPhase();
    const gone = new Set(this.blocks.keys());
    for (const rep of reps) {
      gone.delete(rep.id);
      const block = this.blocks.get(rep.id) ?? this.addBlock(rep);
      this.place(block, rep);
      this.describe(block, rep, { isSelected: rep.id === selectedId, edge, faults });
    }
    for (const id of gone) {
      this.blocks.get(id).remove();
      this.blocks.delete(id);
    }
  }

  /** What was looked at and not counted: dotted, with the reason, and a way to count it after all. */
  renderGhosts(candidates) {
    if (!this.clock) return;
    const shown = JSON.stringify(candidates);
    if (shown === this.ghosts) return;
    this.ghosts = shown;
    for (const ghost of this.reps.querySelectorAll(".ghost")) ghost.remove();
    this.reps.prepend(...candidates.map((candidate) => this.ghost(candidate)));
  }

  ghost(candidate) {
    const ghost = document.createElement("span");
    const [left, right] = [this.share(candidate.start), this.share(candidate.stop)];
    const words = `Not counted: ${candidate.reason}.`;
    ghost.className = "ghost";
    ghost.setAttribute("role", "listitem");
    ghost.title = words;
    ghost.style.left = `${left * 100}%`;
    ghost.style.width = `${(right - left) * 100}%`;
    const count = document.createElement("button");
    Object.assign(count, { type: "button", tabIndex: -1, textContent: "+" });
    count.title = `${words} Click to count it.`;
    count.setAttribute("aria-label", `Count it. ${words}`);
    count.addEventListener("pointerdown", (event) => event.stopPropagation()); // it is no scrubbing
    count.addEventListener("click", () => this.told.onCount(candidate));
    ghost.append(count);
    return ghost;
  }

  /** Where a repetition was begun by hand; null where none is. */
  renderIn(frame) {
    this.begun.hidden = frame === null || !this.clock;
    if (!this.begun.hidden) this.begun.style.left = `${this.share(frame) * 100}%`;
  }

  addBlock(rep) {
    const block = document.createElement("div");
    block.className = "rep";
    block.setAttribute("role", "listitem");
    block.dataset.rep = rep.id;
    block.innerHTML =
      '<span class="fill"></span><b class="before"></b><b class="after"></b><span class="name"></span><span class="share"></span><i class="turn" data-edge="turn"></i>' +
      '<i class="edge start" data-edge="start"></i><i class="edge stop" data-edge="stop"></i>';
    this.reps.append(block);
    this.blocks.set(rep.id, block);
    return block;
  }

  place(block, rep) {
    const [left, turn, right] = EDGES.map((edge) => this.share(rep[edge]));
    block.style.left = `${left * 100}%`;
    block.style.width = `${(right - left) * 100}%`;
    block.style.setProperty("--turn", `${((turn - left) / (right - left)) * 100}%`);
  }

  /** Selection, and how much is answered: as words, as a bar, and as a tick when it is all. */
  describe(block, rep, { isSelected, edge, faults }) {
    const { n_done, n_asked } = progress(rep, faults);
    const isDone = n_asked > 0 && n_done === n_asked;
    block.classList.toggle("selected", isSelected);
    block.classList.toggle("done", isDone);
    block.classList.toggle("untouched", n_done === 0);
    block.classList.toggle("bad", rep.quality === "bad");
    block.querySelector(".fill").style.width = `${n_asked ? (100 * n_done) / n_asked : 0}%`;
    block.querySelector(".name").textContent = rep.index;
    block.querySelector(".before").textContent = this.phases[0];
    block.querySelector(".after").textContent = this.phases[1];
    const share = block.querySelector(".share");
    const words = isDone ? glyph("0") : `${n_done}/${n_asked}`;
    if (share.dataset.words !== words) {
      share.innerHTML = words;
      share.dataset.words = words;
    }
    const reasons = rep.reasons.join(", ");
    const doubts = rep.quality === "bad" ? ` Pose unreliable: ${reasons || "lost too long"}.` : reasons && ` Note: ${reasons}.`;
    block.title = `Repetition ${rep.index}: ${n_done} of ${n_asked} faults answered. ${phaseWords(rep, this.phases, this.clock)}${doubts}`;
    block.setAttribute("aria-label", block.title);
    block.setAttribute("aria-current", String(isSelected));
    for (const handle of block.querySelectorAll("[data-edge]")) {
      handle.title = `${edgeWords(handle.dataset.edge, this.phases)}. Drag to move it; it snaps to what was found, with Alt it does not`;
      handle.classList.toggle("chosen", isSelected && handle.dataset.edge === edge);
    }
  }

  frameAt(event) {
    const { left, width } = this.root.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - left) / width));
    return this.clock.frameAt(share * this.clock.duration_s);
  }

  /** Where the pointer drags to: an edge snaps to what the machine sees, unless Alt is held. */
  aimed(event) {
    const frame = this.frameAt(event);
    const { kind, edge, from } = this.drag;
    if (kind !== "edge" || event.altKey || frame === from) return frame;
    return snapped(frame, this.snaps[edge] ?? [], (other) => this.share(other) * this.width_px);
  }

  grab(event) {
    if (!this.clock || event.button !== 0) return;
    const id = event.target.closest(".rep")?.dataset.rep;
    const edge = event.target.dataset.edge;
    if (!id) this.drag = { kind: "scrub" };
    else if (edge && id === this.root.querySelector(".rep.selected")?.dataset.rep) {
      this.drag = { kind: "edge", edge, from: this.frameAt(event) };
    } else return void this.told.onSelect(id);
    this.root.setPointerCapture(event.pointerId);
    this.pull(event);
  }

  pull(event) {
    if (!this.drag) return;
    const frame = this.aimed(event);
    if (this.drag.kind === "scrub") return void this.told.onScrub(frame);
    if (frame === this.drag.from) return; // a click on an edge chooses it, and moves nothing
    this.drag.from = null;
    this.told.onEdge(this.drag.edge, frame);
  }

  release() {
    const { drag } = this;
    this.drag = null;
    if (drag?.kind === "edge") this.told.onEdgeDone(drag.edge);
  }
}
