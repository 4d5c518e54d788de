// One row per fault: its key, its name, the five answers, and what the rater must see for each.

import { ANSWERS, NOT_RATED, WORDS, glyph } from "./answers.js";

function element(tag, { className = "", text = "", html = "", ...attributes } = {}) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  if (html) made.innerHTML = html;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const TITLES = { 0: "0 absent", 1: "1 slight", 2: "2 clear", 3: "3 severe", NV: "not visible" };

const weakness = (fault) => `Weak view: it shows only roughly from here. ${fault.reason}`.trim();

export class Panel {
  /** @param {{onAnswer: Function, onFocus: Function}} told */
  constructor(root, told, signal) {
    this.list = root.querySelector(".faults");
    this.sheet = root.querySelector(".sheet");
    this.told = told;
    this.rows = new Map();
    this.spoken = root.querySelector(".spoken");
    this.list.addEventListener("click", (event) => this.clicked(event), { signal });
  }

  clicked(event) {
    const id = event.target.closest(".fault")?.dataset.fault;
    if (!id) return;
    const answer = event.target.closest("button")?.dataset.answer;
    if (answer === undefined) this.told.onFocus(id);
    else this.told.onAnswer(id, answer);
  }

  /** Build the rows anew when the questions change. */
  open(faults) {
    const asked = JSON.stringify(faults);
    if (asked === this.asked) return;
    this.asked = asked;
    this.rows = new Map(faults.map((fault) => [fault.id, this.row(fault)]));
    this.list.replaceChildren(...this.rows.values());
  }

  row(fault) {
    const row = element("li", { className: "fault", "data-fault": fault.id });
    row.classList.toggle("hidden-here", !fault.is_visible);
    const name = element("span", { className: "name", text: fault.name });
    if (fault.is_visible && fault.is_weak) {
      name.append("\u00a0", element("span", { className: "weak", text: "≈", title: weakness(fault) })); // never alone on a line
    }
    const words = element("span", { className: "words" });
    const text = element("div", { className: "text" });
    text.append(name, words);
    const choices = element("div", { className: "choices", role: "radiogroup", "aria-label": fault.name });
    for (const answer of ANSWERS) {
      const button = element("button", { type: "button", text: answer, role: "radio", tabindex: "-1" });
      button.setAttribute("aria-label", TITLES[answer]);
      button.dataset.answer = answer;
      const isOff = !fault.is_visible && answer !== "NV";
      button.title = `${fault.name}: ${TITLES[answer]}${isOff ? ". Cannot be seen from here; twice: rate it anyway" : ""}`;
      choices.append(button);
    }
    row.append(element("kbd", { text: fault.key.toUpperCase() || "·" }), text, choices);
    return row;
  }

  render(rep, { faults, focusedId, hint }) {
    this.hintWords = hint;
    for (const fault of faults) {
      const row = this.rows.get(fault.id);
      this.renderRow(row, fault, rep ? (rep.answers[fault.id] ?? NOT_RATED) : NOT_RATED);
      row.classList.toggle("focused", fault.id === focusedId);
      row.setAttribute("aria-current", String(fault.id === focusedId));
    }
    this.beReachable(this.rows.get(focusedId ?? faults[0]?.id));
    this.speak(faults.find((fault) => fault.id === focusedId));
    this.renderSheet(faults.find((fault) => fault.id === focusedId), rep);
  }

  /** Tab leads into the list once, to the answer of the row in focus. */
  beReachable(row) {
    if (!row) return;
    const target = row.querySelector("[aria-checked=true]") ?? row.querySelector("[role=radio]");
    for (const other of this.list.querySelectorAll("[tabindex='0']")) if (other !== target) other.tabIndex = -1;
    target.tabIndex = 0;
  }

  /** The fault in focus and its answer, for those who hear the page. */
  speak(fault) {
    if (fault?.id === this.spokenOf) return; // of a new answer, what lies over the picture tells
    this.spokenOf = fault?.id;
    this.spoken.textContent = fault ? `${fault.name}, ${this.rows.get(fault.id).querySelector(".words").title}` : "";
  }

  renderRow(row, fault, answer) {
    const key = `${answer}`;
    if (row.dataset.answer === key) return;
    row.dataset.answer = key;
    const isSilent = !fault.is_visible && answer === NOT_RATED;
    const words = isSilent ? fault.reason || "Cannot be seen from here." : WORDS.get(answer);
    row.querySelector(".words").innerHTML = glyph(isSilent ? "NV" : answer);
    row.querySelector(".words").append(element("span", { text: words }));
    row.querySelector(".words").title = isSilent ? `Cannot be seen from here. ${fault.reason}` : words;
    for (const button of row.querySelectorAll("button")) {
      button.setAttribute("aria-checked", String(button.dataset.answer === answer));
    }
  }

  renderSheet(fault, rep) {
    const answer = fault && rep ? rep.answers[fault.id] : undefined;
    const shown = JSON.stringify([fault?.id, answer, this.hintWords]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.sheet.replaceChildren(...(fault ? this.sheetOf(fault, answer) : [this.hint()]));
    if (fault) this.reveal(this.rows.get(fault.id));
  }

  /** Scroll the list, and only the list, until the row is in sight. */
  reveal(row) {
    const { list } = this;
    const top = row.offsetTop - list.offsetTop;
    list.scrollTop = Math.max(Math.min(list.scrollTop, top), top + row.offsetHeight - list.clientHeight);
  }

  hint() {
    return element("p", { className: "quiet", text: this.hintWords });
  }

  sheetOf(fault, answer) {
    const lines = fault.sheet.map((text, severity) => {
      const line = element("li", { html: `<b>${severity}</b>` });
      line.append(text || "–");
      line.classList.toggle("given", answer === String(severity));
      return line;
    });
    const list = element("ol", {});
    list.append(...lines);
    const parts = [element("h3", { text: fault.name })];
    if (fault.sheet.some((text) => text)) parts.push(list);
    else parts.push(element("p", { className: "quiet", text: "No rater sheet yet: 0 absent, 1 slight, 2 clear, 3 severe." }));
    if (!fault.is_visible) parts.push(element("p", { className: "cue", text: `Cannot be seen from here. ${fault.reason}`.trim() }));
    if (fault.is_visible && fault.is_weak) parts.push(element("p", { className: "cue", text: weakness(fault) }));
    if (fault.cue) parts.push(element("p", { className: "cue", text: `Cue: ${fault.cue}` }));
    return parts;
  }
}
