// What happened to the repetition in work: who did what, when, from where. A state can be brought back.

import { keepFocusIn } from "./dialogs.js";

function piece(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

export class Drawer {
  constructor(player, signal) {
    this.player = player;
    this.root = piece("div", "drawer");
    this.root.setAttribute("role", "dialog");
    this.root.setAttribute("aria-label", "History of this repetition");
    this.root.setAttribute("aria-modal", "true");
    this.root.tabIndex = -1;
    this.root.hidden = true;
    keepFocusIn(this.root, signal);
    this.root.innerHTML =
      '<header><h2></h2><button type="button" class="wide" data-command="history">Close<kbd>Esc</kbd></button></header>' +
      '<ol></ol><p class="quiet how"></p>';
    this.root.addEventListener("click", (event) => this.clicked(event), { signal });
    player.root.append(this.root);
  }

  get isOpen() {
    return !this.root.hidden;
  }

  toggle(isOpen = !this.isOpen) {
    this.root.hidden = !isOpen;
    this.place = null;
    this.asked = undefined;
    this.render();
    if (isOpen) this.root.focus({ preventScroll: true });
    else this.player.focus();
  }

  /** Newest first, then repetitions of this clip that are out and would fit; null until told. */
  get lines() {
    const { history, clip } = this.player.data;
    if (history?.clip !== clip || history.rep !== this.player.repId) return null;
    const events = [...history.events].reverse();
    const out = history.out.map((event) => ({ ...event, isOut: true }));
    return [...events, ...out].map((event, place) => ({ ...event, isNow: place === 0 && events.length > 0 }));
  }

  render() {
    const { player } = this;
    if (!this.isOpen || !player.data) return;
    if (this.asked !== player.repId) {
      this.asked = player.repId;
      this.place = null;
      player.tell("recall", player.repId ?? "");
    }
    this.root.querySelector("h2").textContent = player.rep ? `History of repetition ${player.rep.index}` : "Taken out";
    const [up, down, restore, undo] = ["faultUp", "faultDown", "allClear", "undo"].map((one) => player.keys.called(one));
    this.root.querySelector(".how").textContent = `${up} ${down} choose, ${restore} brings that state back. ${undo} takes it back again.`;
    const { lines } = this;
    const shown = JSON.stringify([lines, this.place]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.root.querySelector("ol").replaceChildren(...this.rows(lines));
    this.root.querySelector(".chosen")?.scrollIntoView({ block: "nearest" });
  }

  rows(lines) {
    if (!lines?.length) return [piece("li", "quiet", lines ? "Nothing was recorded yet." : "Looking …")];
    this.place ??= Math.min(1, lines.length - 1);
    return lines.map((line, place) => {
      const row = piece("li", place === this.place ? "chosen" : "");
      row.dataset.place = place;
      const by = line.client.startsWith(line.who) ? line.client : `${line.who}, ${line.client}`; // not "machine, machine 4"
      row.append(piece("small", "quiet", `${new Date(line.at).toLocaleString()} · ${by}`), piece("span", "what", line.isOut ? `Out: ${line.what}` : line.what));
      if (line.isNow) row.append(piece("small", "quiet", "as it is now"));
      else if (place === this.place) row.append(this.button(line));
      return row;
    });
  }

  button(line) {
    const button = piece("button", "wide", line.isOut ? "Bring it back" : "Restore this state");
    Object.assign(button, { type: "button" });
    button.dataset.restore = "";
    return button;
  }

  clicked(event) {
    const place = event.target.closest("li")?.dataset.place;
    if (place === undefined) return;
    this.place = Number(place);
    if (event.target.closest("[data-restore]")) this.restore();
    else this.render();
  }

  /** Whether a command is the drawer's while it is open. */
  takes(command, isRepeat) {
    if (!this.isOpen) return false;
    const n = this.lines?.length ?? 0;
    const place = this.place ?? 0;
    const meant = {
      faultUp: () => (this.place = Math.max(0, place - 1)),
      faultDown: () => (this.place = Math.min(n - 1, place + 1)),
      allClear: () => isRepeat || this.restore(),
      escape: () => this.toggle(false),
    }[command];
    if (!meant) return false;
    meant();
    this.render();
    return true;
  }

  restore() {
    const { player } = this;
    const line = this.lines?.[this.place];
    if (!line || line.isNow) return;
    this.place = null;
    player.post({ op: "restore", rep: line.rep, to: line.action });
    const undo = player.keys.called("undo");
    player.status.toast(line.isOut ? `Brought back. ${undo} takes it out again.` : `Restored. ${undo} takes it back.`);
  }
}
