// One dispute at a time: the repetition in a loop, what raters said, and what is decided.

import { ANSWERS, WORDS, glyph } from "../player/answers.js";
import { keepFocusIn } from "../player/dialogs.js";
import { fitting } from "../player/fitting.js";
import { meaningsOf, nameOf } from "../player/keymap.js";
import { Stage } from "../player/stage.js";
import { Transport } from "../player/transport.js";

const LEAST_HEIGHT_PX = 440;
const PATIENCE_MS = 8000; // without an answer by then, it may be sent again

/** What is chosen and written but not decided, by dispute: survives going on and coming back. */
const drafts = new Map();

const DECISIONS = {
  ...Object.fromEntries(ANSWERS.map((answer) => [`answer${answer}`, (r) => r.choose(answer)])),
  reason: (r) => r.reason.focus(),
  decide: (r) => r.decide(),
  reopen: (r) => r.reopen(),
  nextRep: (r) => r.move(1),
  previousRep: (r) => r.move(-1),
  openClip: (r) => r.send("open", { id: r.data.id }),
  moment: (r) => r.goToMoment(),
  play: (r) => r.transport.toggle(),
  slower: (r) => r.transport.changeRate(-1),
  faster: (r) => r.transport.changeRate(1),
  back1: (r) => r.transport.step(-1),
  on1: (r) => r.transport.step(1),
  back10: (r) => r.transport.step(-10),
  on10: (r) => r.transport.step(10),
  repStart: (r) => r.transport.goTo(r.data.rep.start),
  repStop: (r) => r.transport.goTo(r.data.rep.stop - 1),
  pose: (r) => r.togglePose(),
  help: (r) => r.toggleHelp(),
  escape: (r) => r.toggleHelp(false),
};

const WHILE_HELD = new Set(["back1", "on1", "back10", "on10", "slower", "faster"]);

function part(tag, className = "", text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

class Referee {
  constructor(root) {
    this.root = root;
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.stage = new Stage(root.querySelector(".stage"), {
      onFrame: (frame) => this.painted(frame),
      onReady: () => this.ready(),
      onTrouble: (words) => this.notice(`${words} Reload the page.`),
      onEnded: () => this.transport.ended(),
    }, signal);
    this.transport = new Transport(this.stage, () => this.renderTransport());
    this.transport.isLooping = true;
    this.reason = root.querySelector(".reason");
    this.help = root.querySelector(".help");
    this.choices = root.querySelector(".choices");
    this.waiting = null;
    this.buildChoices();
    keepFocusIn(this.help, signal);
    root.addEventListener("keydown", (event) => this.key(event), { signal });
    root.addEventListener("keyup", (event) => event.stopPropagation(), { signal });
    root.addEventListener("click", (event) => this.clicked(event), { signal });
    this.reason.addEventListener("input", () => this.draft({ reason: this.reason.value }), { signal });
    this.fit = fitting(root, LEAST_HEIGHT_PX, signal);
  }

  get one() {
    return drafts.get(this.data.id) ?? { answer: null, reason: "" };
  }

  draft(change) {
    drafts.set(this.data.id, { ...this.one, ...change });
    this.renderChoices();
  }

  // ---- news from Python -----------------------------------------------------------------------

  update({ data, setTriggerValue }) {
    const before = this.data;
    this.send = setTriggerValue;
    this.data = data;
    if (data.id !== before?.id) this.say("");
    this.hear(data.told);
    if (!before) Object.assign(this.transport, { loopRate: data.loop.speed_ratio, margin_s: data.loop.margin_s });
    const learnt = JSON.stringify(data.keymap);
    if (learnt !== this.learnt) this.learn(data.keymap, learnt);
    if (data.clip.pts_url !== before?.clip.pts_url) this.load();
    else if (data.id !== before.id) this.begin();
    this.render();
    this.fit();
    if (!before) this.focus();
  }

  /** What became of the last decision; `n` counts them, so that each is said once. */
  hear(told) {
    if (!told || told.n === this.heard) return;
    this.heard = told.n;
    this.settle();
    if (!told.is_refused) drafts.delete(told.id);
    this.say(told.words, told.is_refused);
    this.focus();
  }

  learn(groups, learnt) {
    this.learnt = learnt;
    this.meanings = meaningsOf(groups);
    const lines = groups.flatMap((group) => group.lines);
    for (const button of this.root.querySelectorAll("[data-command]")) {
      const key = lines.find(({ action }) => action === button.dataset.command)?.keys[0] ?? "";
      const cap = button.querySelector("kbd");
      if (cap) Object.assign(cap, { textContent: key.replace("Shift ", "⇧"), hidden: !key });
      if (key && button.title) button.title = `${button.title.replace(/ \([^)]*\)$/, "")} (${key})`;
    }
    this.help.querySelector(".groups").replaceChildren(...groups.map((group) => this.group(group)));
  }

  group({ title, lines }) {
    const list = part("dl");
    for (const { keys, words } of lines) {
      const term = part("dt");
      term.append(...keys.flatMap((key) => key.split(" ").map((cap) => part("kbd", "", cap))));
      list.append(term, part("dd", "", words));
    }
    const section = part("section");
    section.append(part("h3", "", title), list);
    return section;
  }

  load() {
    const { clip, rep } = this.data;
    this.notice("Loading the clip …");
    this.transport.stop();
    this.stage.load(clip, rep.start);
  }

  ready() {
    this.notice("");
    this.begin();
  }

  begin() {
    const { transport, stage, data } = this;
    if (!stage.isReady) return;
    transport.aim(data.rep);
    stage.seek(data.rep.start, { isForced: true });
    transport.run(1);
  }

  // ---- keys and clicks ------------------------------------------------------------------------

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation(); // Streamlit listens for plain letters too
    const { activeElement } = this.root.getRootNode();
    if (activeElement === this.reason) return this.keyInReason(event);
    const isOnButton = activeElement?.tagName === "BUTTON" && [" ", "Enter"].includes(event.key);
    if (event.key === "Tab" || isOnButton) return;
    const command = this.meanings.get(nameOf(event));
    if (!command || (!this.help.hidden && !["help", "escape"].includes(command))) return;
    event.preventDefault();
    if (!event.repeat || WHILE_HELD.has(command)) DECISIONS[command](this);
  }

  keyInReason(event) {
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    this.focus();
    if (event.key === "Enter" && !event.repeat) this.decide();
  }

  clicked(event) {
    const { command, answer, moment } = event.target.closest("button")?.dataset ?? {};
    if (command) DECISIONS[command](this);
    else if (answer) this.choose(answer);
    else if (moment) this.goTo(Number(moment));
  }

  focus() {
    this.root.focus({ preventScroll: true });
  }

  toggleHelp(isOpen = this.help.hidden) {
    this.help.hidden = !isOpen;
    if (isOpen) this.help.focus({ preventScroll: true });
    else this.focus();
  }

  // ---- deciding -------------------------------------------------------------------------------

  choose(answer) {
    this.draft({ answer, isReopening: false });
    this.say(`It is: ${WORDS.get(answer)}. ${this.one.reason.trim() ? "Enter decides." : "Enter, then say why."}`);
  }

  decide() {
    const { answer, reason, isReopening } = this.one;
    if (isReopening) this.tell(null, reason);
    else if (!answer) this.say("Choose an answer first: 0, 1, 2, 3 or V.", true);
    else this.tell(answer, reason);
  }

  reopen() {
    if (!this.data.decided) return this.say("It is open: nobody has decided it.");
    this.draft({ answer: null, isReopening: true });
    this.tell(null, this.one.reason);
  }

  tell(answer, reason) {
    if (!reason.trim()) {
      this.say("Say why in one sentence: others will read it. Then Enter.", true);
      return this.reason.focus();
    }
    if (this.waiting) return;
    this.say("Saving …");
    this.waiting = setTimeout(() => {
      this.settle();
      this.say("Not saved yet: the server does not answer. Your reason is kept; decide again.", true);
    }, PATIENCE_MS);
    this.send("decide", { id: this.data.id, answer, reason: reason.trim() });
  }

  settle() {
    clearTimeout(this.waiting);
    this.waiting = null;
  }

  move(n) {
    this.say("");
    this.send("move", { id: this.data.id, n });
  }

  /** The moments at which raters saw the fault, one after the other. */
  goToMoment() {
    const moments = this.data.answers.map(({ moment_s }) => moment_s).filter((moment_s) => moment_s !== null);
    if (!moments.length) return this.say("No rater has told the moment of the fault.");
    this.nextMoment = ((this.nextMoment ?? -1) + 1) % moments.length;
    this.goTo(moments[this.nextMoment]);
  }

  goTo(moment_s) {
    if (this.stage.isReady) this.transport.goTo(this.stage.clock.nearest(moment_s));
  }

  togglePose() {
    this.stage.isPoseShown = this.stage.isBackShown = !this.stage.isPoseShown;
    this.stage.draw();
    this.renderTransport();
  }

  // ---- what is seen ---------------------------------------------------------------------------

  say(words, isRefused = false) {
    const told = this.root.querySelector(".top .told");
    told.textContent = words;
    told.classList.toggle("refused", isRefused);
  }

  notice(words) {
    const notice = this.root.querySelector(".notice");
    notice.hidden = !words;
    notice.firstElementChild.textContent = words;
  }

  painted(frame) {
    this.transport.passed(frame);
    this.root.querySelector(".time").textContent = `${this.stage.clock.pts_s[frame].toFixed(2)} s`;
  }

  buildChoices() {
    for (const answer of ANSWERS) {
      const button = part("button", "", answer);
      Object.assign(button, { type: "button" });
      Object.assign(button.dataset, { answer });
      button.setAttribute("role", "radio");
      button.setAttribute("aria-label", `${answer} ${WORDS.get(answer)}`);
      button.append(part("small", "", WORDS.get(answer)));
      this.choices.append(button);
    }
  }

  render() {
    const { data, root } = this;
    root.querySelector(".rep-name").textContent = `${data.place} of ${data.n} ${data.is_settled ? "settled" : "open"}`;
    root.querySelector(".question h2").textContent = data.title;
    root.querySelector(".where").textContent = data.where;
    root.querySelector(".about").textContent = data.about;
    root.querySelector(".said").replaceChildren(...data.answers.map((said) => this.line(said)));
    const decided = root.querySelector(".decided");
    decided.hidden = !data.decided;
    if (data.decided) decided.textContent = `${data.decided.who} decided: ${data.decided.words}. ${data.decided.reason}`;
    root.querySelector("[data-command=reopen]").hidden = !data.decided;
    root.querySelector("[data-command=decide] span").textContent = data.decided ? "Decide anew" : "Decide";
    root.querySelector("[data-command=previousRep]").disabled = data.n < 2;
    root.querySelector("[data-command=nextRep]").disabled = data.n < 2;
    root.querySelector(".sheet").replaceChildren(this.sheet(data.sheet));
    if (this.reason.value !== this.one.reason) this.reason.value = this.one.reason;
    this.renderChoices();
    this.renderTransport();
  }

  line({ who, answer, sure, note, moment_s }) {
    const line = part("li");
    const said = part("span", "answer");
    said.innerHTML = glyph(answer);
    said.append(answer === "NV" ? WORDS.get(answer) : `${answer} ${WORDS.get(answer)}`);
    const more = part("span", "more");
    if (sure !== null) more.append(part("span", "", `${Math.round(100 * sure)} % sure`));
    if (moment_s !== null) {
      const button = Object.assign(part("button", "", `at ${moment_s.toFixed(2)} s`), { type: "button", title: "Go there" });
      button.dataset.moment = String(moment_s);
      more.append(button);
    }
    if (note) more.append(part("span", "", `“${note}”`));
    line.append(part("span", "who", who), said);
    if (more.childElementCount) line.append(more);
    return line;
  }

  sheet(texts) {
    const list = part("ol");
    for (const [severity, text] of texts) {
      const line = part("li");
      line.append(part("b", "", severity), part("span", "", text));
      list.append(line);
    }
    return list;
  }

  renderChoices() {
    const { answer } = this.one;
    for (const button of this.choices.children) {
      button.setAttribute("aria-checked", String(button.dataset.answer === answer));
    }
  }

  renderTransport() {
    const { transport, root } = this;
    root.classList.toggle("playing", transport.isPlaying);
    root.querySelector(".speed").textContent = `${transport.rate}×`;
    root.querySelector("[data-command=pose]").setAttribute("aria-pressed", String(this.stage.isPoseShown));
  }

  destroy() {
    this.settle();
    this.transport.stop();
    this.abort.abort();
    this.stage.film.removeAttribute("src");
  }
}

const referees = new WeakMap();

export default function mount({ parentElement, ...news }) {
  const root = parentElement.querySelector(".referee");
  if (!referees.has(root)) referees.set(root, new Referee(root));
  referees.get(root).update(news);
  return () => {
    referees.get(root)?.destroy();
    referees.delete(root);
  };
}
