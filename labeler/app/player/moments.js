// The moment of a fault: the frame in which it is to be seen. A key stamps it, the timeline shows it.

import { WORDS, pressed } from "./answers.js";
import { phaseAt } from "./phases.js";

const isThere = (answer) => Number(answer) >= 1; // only a fault that is there happens at some moment

function chip(tag, className, text) {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

export class Moments {
  constructor(player, signal) {
    this.player = player;
    this.left = null; // the moment of the fault that is on its way round through *absent*
    this.layer = chip("div", "stamps", "");
    player.timeline.reps.after(this.layer);
    player.panel.list.addEventListener("click", (event) => this.clicked(event), { signal });
  }

  /** The frame stamped for a fault of the repetition in work, or null. */
  of(fault) {
    return this.player.rep?.remarks[fault]?.moment ?? null;
  }

  words(frame) {
    const { clock } = this.player.stage;
    return clock ? `at ${clock.pts_s[frame].toFixed(2)} s` : "";
  }

  /** The frame on screen is the moment of the fault in focus; the same frame again takes it back. */
  stamp() {
    const { rep, faultId, stage, status, keys, transport } = this.player;
    if (!rep || !stage.isReady) return;
    const fault = this.player.faultOf(faultId);
    if (!fault) {
      return status.toast(`Choose a fault first: press its key, or ${keys.keyOf("faultUp")} and ${keys.keyOf("faultDown")}.`);
    }
    const frame = transport.isPlaying ? stage.frame : stage.target;
    const refused = this.outside(frame) || this.set(fault, frame);
    if (refused) status.toast(refused);
  }

  /** Rates the fault as its key would where it is not rated as there; what it refuses, in words. */
  set(fault, frame) {
    const { player } = this;
    const { rep } = player;
    const now = rep.answers[fault.id] ?? null;
    const answer = isThere(now) ? now : pressed(now);
    const doubt = player.doubts.about(fault, answer, rep);
    if (doubt) return doubt;
    const { confidence, note } = rep.remarks[fault.id] ?? {};
    const moment = this.of(fault.id) === frame ? null : frame;
    this.left = null;
    player.post({ op: "answer", rep: rep.id, fault: fault.id, answer, confidence, note, moment });
    const phase = phaseAt(frame, rep, player.data.phases);
    const what = moment === null ? "moment taken back" : `${answer} ${WORDS.get(answer)}, ${this.words(frame)}${phase && `, ${phase}`}`;
    player.status.toast(`${fault.name}: ${what}`, answer);
    return "";
  }

  /** Why a frame is no moment of the repetition in work; nothing where it may be one. */
  outside(frame) {
    const { rep, stage, data } = this.player;
    const { clock } = stage;
    const margin_s = data.moment_margin_s;
    const at_s = clock.pts_s[frame];
    if (at_s >= clock.boundary(rep.start) - margin_s && at_s <= clock.boundary(rep.stop) + margin_s) return "";
    return `This frame is not in repetition ${rep.index}, nor within ${margin_s} s of it: choose the repetition first.`;
  }

  /** What stays when the answer is given anew: also once round, past *absent*, to *slight*. */
  keptWith(fault, answer) {
    const place = `${this.player.rep.id} ${fault}`;
    const moment = this.of(fault) ?? (this.left?.place === place ? this.left.moment : null);
    this.left = moment !== null && answer === "0" ? { place, moment } : null;
    return isThere(answer) ? moment : null;
  }

  go(fault) {
    const frame = this.of(fault);
    if (frame !== null) return this.player.transport.goTo(frame);
    const { status, keys } = this.player;
    status.toast(`No moment is stamped for this fault. ${keys.keyOf("moment")} stamps the frame on screen.`);
  }

  clicked(event) {
    const row = event.target.closest(".at")?.closest(".fault");
    if (row) this.go(row.dataset.fault);
  }

  render() {
    const { player } = this;
    for (const [fault, row] of player.panel.rows) this.renderRow(row, this.of(fault));
    if (player.timeline.clock) return this.renderTicks();
    this.shown = null;
    this.layer.replaceChildren();
  }

  /** In the fault's row, beside the severity: a click goes there. */
  renderRow(row, frame) {
    const words = row.querySelector(".words");
    let at = words.querySelector(".at");
    if (frame === null) return void at?.remove();
    if (!at) {
      at = Object.assign(chip("button", "at", ""), { type: "button", tabIndex: -1 });
      words.append(at);
    }
    at.textContent = this.words(frame);
    at.title = `Go to the moment: frame ${frame} (${this.player.keys.keyOf("toMoment")})`;
  }

  /** On the timeline: the keys of the faults that are to be seen in one frame. */
  renderTicks() {
    const { reps, data } = this.player;
    const ticks = new Map(); // by repetition and frame
    for (const rep of reps) {
      for (const fault of data.faults) {
        const frame = rep.remarks[fault.id]?.moment ?? null;
        if (frame === null) continue;
        const place = `${rep.id} ${frame}`;
        const tick = ticks.get(place) ?? { rep, frame, keys: "", lines: [], worst: "0" };
        const answer = rep.answers[fault.id];
        tick.keys += fault.key.toUpperCase() || "·";
        tick.lines.push({ fault: fault.id, text: `${fault.name}: ${WORDS.get(answer)}` });
        if (answer > tick.worst) tick.worst = answer;
        ticks.set(place, tick);
      }
    }
    const shown = JSON.stringify([data.clip, data.time_scale, [...ticks]]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.layer.replaceChildren(...[...ticks.values()].map((tick) => this.tick(tick)));
  }

  tick({ rep, frame, keys, lines, worst }) {
    const { player } = this;
    const tick = Object.assign(chip("button", "stamp", keys), { type: "button", tabIndex: -1 });
    tick.dataset.answer = worst;
    tick.style.left = `${player.timeline.share(frame) * 100}%`;
    tick.title = `${lines.map(({ text }) => text).join("; ")}, ${this.words(frame)}, ${phaseAt(frame, rep, player.data.phases) || "beside the repetition"}. Click: go there.`;
    tick.setAttribute("aria-label", tick.title);
    tick.addEventListener("pointerdown", (event) => event.stopPropagation()); // it is no scrubbing
    tick.addEventListener("click", () => {
      if (player.repId !== rep.id) player.select(rep.id);
      player.focusFault(lines[0].fault);
      player.transport.goTo(frame);
    });
    return tick;
  }
}
