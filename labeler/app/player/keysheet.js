// The sheet of keys: what each one does for this rater, and the place to change it.

import { keepFocusIn } from "./dialogs.js";
import { meaning, meaningsOf, nameOf } from "./keymap.js";

const NOT_VISIBLE = "With Shift: the fault is not visible";

function made(tag, { className = "", text = "", ...attributes } = {}) {
  const element = Object.assign(document.createElement(tag), { className, textContent: text });
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export class KeySheet {
  constructor(player, signal) {
    this.player = player;
    this.root = player.root.querySelector(".help");
    this.waiting = null; // {action, place, words}: the next key is meant for it
    this.groups = [];
    this.root.addEventListener("click", (event) => this.clicked(event), { signal });
    keepFocusIn(this.root, signal);
  }

  get isOpen() {
    return !this.root.hidden;
  }

  toggle(isOpen = !this.isOpen) {
    this.root.hidden = !isOpen;
    this.waitFor(null);
    if (isOpen) this.root.focus({ preventScroll: true });
    else this.player.focus();
  }

  /** News from Python: the rater's keys, and what became of the last change. */
  learn({ keymap, faults, told }) {
    const learnt = JSON.stringify([keymap, faults.map(({ name, key }) => [name, key])]);
    if (learnt !== this.learnt) {
      this.learnt = learnt;
      this.groups = [...keymap, { title: "Faults of this clip", lines: this.faultLines(faults) }];
      this.meanings = meaningsOf(keymap);
      this.render();
      this.label();
    }
    if (told && told.n !== this.told?.n) this.say(told.words, told.is_refused);
    this.told = told;
  }

  faultLines(faults) {
    const lines = faults.map(({ name, key }, row) => {
      return { action: `fault${row + 1}`, keys: key ? [key.toUpperCase()] : [], words: name };
    });
    return [...lines.filter(({ keys }) => keys.length), { action: "", keys: [], words: NOT_VISIBLE }];
  }

  meaning(event, faultKeys) {
    return meaning(event, this.meanings, faultKeys);
  }

  /** The key of a command, for words that name it. */
  keyOf(command) {
    const line = this.groups.flatMap(({ lines }) => lines).find(({ action }) => action === command);
    return line?.keys[0] ?? "";
  }

  /** The key of a command as texts name it; where it has none, what it is called on the sheet. */
  called(command) {
    const line = this.groups.flatMap(({ lines }) => lines).find(({ action }) => action === command);
    return line?.keys[0] ?? `“${line?.words ?? command}”`;
  }

  render() {
    const held = this.root.getRootNode().activeElement?.dataset?.action;
    this.root.querySelector(".groups").replaceChildren(...this.groups.map((group) => this.group(group)));
    if (held) this.root.querySelector(`[data-action=${held}]`)?.focus();
  }

  group({ title, lines }) {
    const list = made("dl");
    for (const line of lines) {
      const caps = line.keys.map((key, place) => this.cap(line, key, place));
      if (!caps.length && line.action) caps.push(this.cap(line, "–", 0));
      const term = made("dt");
      term.append(...caps);
      list.append(term, made("dd", { text: line.words }));
    }
    const section = made("section");
    section.append(made("h3", { text: title }), list);
    return section;
  }

  cap({ action, words }, key, place) {
    const cap = made("button", { type: "button", className: "cap", "aria-label": `${key}: ${words}. Change this key.` });
    Object.assign(cap.dataset, { action, place, words });
    cap.append(...key.split(" ").map((part) => made("kbd", { text: part })));
    return cap;
  }

  /** Buttons elsewhere show the key that this rater has for them. */
  label() {
    for (const button of this.player.root.querySelectorAll("[data-command]")) {
      const key = this.keyOf(button.dataset.command);
      const cap = button.querySelector("kbd");
      if (cap) cap.textContent = key.replace("Shift ", "⇧");
      if (cap) cap.hidden = !key;
      const title = button.title.replace(/ \([^)]*\)$/, "");
      if (title) button.title = key ? `${title} (${key})` : title;
    }
  }

  clicked(event) {
    const cap = event.target.closest(".cap");
    if (!cap) return;
    const { action, place, words } = cap.dataset;
    this.waitFor({ action, place: Number(place), words });
  }

  waitFor(wanted) {
    this.waiting = wanted;
    const isMeant = (cap) => cap.dataset.action === wanted?.action && Number(cap.dataset.place) === wanted?.place;
    for (const cap of this.root.querySelectorAll(".cap")) cap.classList.toggle("waiting", isMeant(cap));
    this.say(wanted ? `Press the new key for “${wanted.words}”; Esc leaves it as it is.` : "");
  }

  say(words, isRefused = false) {
    const told = this.root.querySelector(".told");
    told.textContent = words || "Click a key, or reach it with Tab and press Enter, to change it.";
    told.classList.toggle("refused", isRefused);
  }

  /** Whether a key press is the answer to the question for a new key. */
  takes(event) {
    const { waiting } = this;
    if (!this.isOpen || !waiting) return false;
    event.preventDefault();
    const key = nameOf(event);
    if (key === null || event.repeat) return true;
    this.waitFor(null);
    if (key !== "Esc") this.player.tell("rebind", { action: waiting.action, place: waiting.place, key });
    return true;
  }
}
