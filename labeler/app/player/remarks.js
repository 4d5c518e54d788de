// What a rater says beside an answer: how sure they are, a note, the moment. All go with the answer.

import { Moments } from "./moments.js";

const LEVELS = [null, 0.75, 0.5, 0.25]; // sure is what needs no word

export class Remarks {
  constructor(player, signal) {
    this.player = player;
    this.root = player.root.querySelector(".remarks");
    this.input = this.root.querySelector("input");
    this.moments = new Moments(player, signal);
    this.typed = null; // the answer that the note is typed for
    this.input.addEventListener("keydown", (event) => this.key(event), { signal });
    this.input.addEventListener("blur", () => this.finish(true), { signal });
  }

  /** The answer in focus, with what was said beside it; null where nothing is answered. */
  get now() {
    const { rep, faultId } = this.player;
    const answer = rep?.answers[faultId];
    return answer === undefined ? null : { rep: rep.id, fault: faultId, answer, ...rep.remarks[faultId] };
  }

  /** What stays when the answer is given anew. */
  keptWith(fault, answer) {
    const { confidence, note } = (answer !== null && this.player.rep?.remarks[fault]) || {};
    const moment = this.moments.keptWith(fault, answer);
    return { ...(confidence != null && { confidence }), ...(note && { note }), ...(moment !== null && { moment }) };
  }

  confidence() {
    const { now } = this;
    if (!now) return this.refuse();
    const confidence = LEVELS[(LEVELS.indexOf(now.confidence ?? null) + 1) % LEVELS.length];
    this.post({ ...now, confidence });
    this.player.status.toast(confidence === null ? "How sure: not said" : `${100 * confidence} % sure`);
  }

  note() {
    const { now } = this;
    if (!now) return this.refuse();
    this.typed = now;
    this.input.value = now.note ?? "";
    this.input.hidden = false;
    this.input.focus();
  }

  refuse() {
    this.player.status.toast("Answer a fault first: a remark goes with an answer.");
  }

  post({ rep, fault, answer, confidence, note, moment }) {
    this.player.post({ op: "answer", rep, fault, answer, confidence, note, moment });
  }

  key(event) {
    event.stopPropagation();
    if (!["Enter", "Escape"].includes(event.key)) return;
    this.finish(event.key === "Enter");
    this.player.focus();
  }

  finish(isKept) {
    const { typed } = this;
    if (!typed) return;
    this.typed = null;
    this.input.hidden = true;
    const note = this.input.value.trim() || null;
    if (isKept && note !== (typed.note ?? null)) this.post({ ...typed, note });
  }

  render() {
    const { now } = this;
    const rated = this.root.querySelectorAll("[data-command=note], [data-command=confidence]");
    for (const button of rated) button.disabled = !now;
    this.root.querySelector("[data-command=moment]").disabled = !this.player.faultId; // it rates, too
    const sure = now?.confidence == null ? "How sure" : `${100 * now.confidence} % sure`;
    this.root.querySelector(".how-sure").textContent = sure;
    const note = this.root.querySelector(".what-note");
    note.textContent = now?.note || "Note";
    note.title = now?.note || "";
    const frame = now?.moment ?? null;
    this.root.querySelector(".what-moment").textContent = frame === null ? "Moment" : this.moments.words(frame) || "Moment";
    this.moments.render();
  }
}
