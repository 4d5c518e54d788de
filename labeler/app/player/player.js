// The player: wires picture, transport, timeline, fault panel and outbox to the keyboard.

import { NOT_RATED, WORDS, pressed, replay } from "./answers.js";
import { COMMANDS, ONCE, ON_SHEET } from "./commands.js";
import { Course } from "./course.js";
import { countAfterAll, meetAdded, uncounted } from "./cutting.js";
import { Doubts } from "./doubts.js";
import { Drawer } from "./drawer.js";
import { EDGES, EdgeEditor, frameOfEdge, pickEdges } from "./edges.js";
import { Eyes } from "./eyes.js";
import { expose } from "./exposed.js";
import { fitting } from "./fitting.js";
import { hintOf } from "./hints.js";
import { KeySheet } from "./keysheet.js";
import { Looping } from "./looping.js";
import { postman } from "./outbox.js";
import { Panel } from "./panel.js";
import { Remarks } from "./remarks.js";
import { Stage } from "./stage.js";
import { Status } from "./status.js";
import { Timeline } from "./timeline.js";
import { Transport } from "./transport.js";

const MIN_HEIGHT_PX = 480;

/** Where the rater was, per clip: survives reruns that mount the player anew. */
const places = new Map();

class Player {
  constructor(root) {
    this.root = root;
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.status = new Status(root);
    this.edges = new EdgeEditor((rep) => this.postEdges(rep));
    this.stage = new Stage(root.querySelector(".stage"), {
      onFrame: (frame) => this.painted(frame),
      onReady: () => this.ready(),
      onPose: () => this.eyes.render(),
      onTrouble: (words) => this.trouble(words),
      onEnded: () => this.transport.ended(),
    }, signal);
    this.transport = new Transport(this.stage, () => this.renderTransport());
    this.timeline = new Timeline(root.querySelector(".timeline"), {
      onScrub: (frame) => this.transport.goTo(frame),
      onSelect: (id) => this.select(id),
      onEdge: (edge, frame) => this.moveEdge(edge, frame),
      onEdgeDone: (edge) => this.edgeDone(edge),
      onCount: (candidate) => countAfterAll(this, candidate),
    }, signal);
    this.panel = new Panel(root.querySelector(".panel"), {
      onAnswer: (fault, answer) => this.answer(this.faultOf(fault), answer),
      onFocus: (fault) => this.focusFault(fault),
    }, signal);
    this.keys = new KeySheet(this, signal);
    this.looping = new Looping(this);
    this.doubts = new Doubts();
    this.remarks = new Remarks(this, signal);
    this.eyes = new Eyes(this, signal);
    this.drawer = new Drawer(this, signal);
    this.listen(signal);
    this.clear();
  }

  clear() {
    this.edges.reset();
    Object.assign(this, { data: null, reps: [], repId: null, faultId: null, expected: null, cutStart: null });
  }

  listen(signal) {
    const { root } = this;
    root.addEventListener("keydown", (event) => this.key(event), { signal });
    root.addEventListener("keyup", (event) => event.stopPropagation(), { signal });
    root.addEventListener("click", (event) => this.clicked(event), { signal });
    // Pressing anything with the pointer leaves the keyboard with the player.
    const isText = (event) => event.target.tagName === "INPUT";
    root.addEventListener("mousedown", (event) => isText(event) || event.preventDefault(), { signal });
    root.addEventListener("pointerdown", (event) => isText(event) || this.focus(), { signal });
    postman.listen(() => this.edges.commit(), () => this.data && this.render(), signal);
    this.fit = fitting(root, MIN_HEIGHT_PX, signal);
  }

  focus() {
    this.root.focus({ preventScroll: true });
  }

  // ---- news from Python -----------------------------------------------------------------------

  /** Called on mount and whenever Python has news. */
  update({ data, setTriggerValue }) {
    postman.send = (batch) => setTriggerValue("commit", batch);
    this.tell = setTriggerValue;
    const isNewClip = data.clip !== this.data?.clip || data.rater !== this.data?.rater;
    const wantedRep = data.start_rep !== this.data?.start_rep ? data.start_rep : null;
    if (isNewClip) this.leave();
    this.data = data;
    this.keys.learn(data);
    this.looping.hear(data);
    this.eyes.hear(data);
    postman.settle(data.acks);
    this.panel.open(data.faults);
    if (isNewClip) this.enter(wantedRep);
    this.render();
    if (wantedRep && !isNewClip) this.select(wantedRep);
    meetAdded(this);
    const isOtherClock = data.time_scale !== this.stage.scale;
    if (isOtherClock || (this.isBroken && data.pts_url !== this.loadedUrl)) this.load(this.stage.target);
    this.fit();
  }

  enter(wantedRep) {
    const { data } = this;
    const place = places.get(data.clip) ?? {};
    this.outbox = postman.open(data);
    postman.dispatch();
    const has = (id) => data.reps.some((rep) => rep.id === id);
    this.repId = [wantedRep, place.repId, data.reps[0]?.id].find((id) => id && has(id)) ?? null;
    this.faultId = place.faultId ?? null;
    const start = data.reps.find((rep) => rep.id === this.repId)?.start ?? 0;
    this.load(this.repId === place.repId ? place.frame : start);
    // A button that led here may go, and take the keyboard along; who types a text keeps it.
    if (!document.activeElement?.matches("textarea, input:not([role=combobox])")) this.focus();
  }

  leave() {
    if (this.data) this.edges.commit();
    this.looping.rest();
    this.eyes.rest();
    this.remember();
    this.transport.stop();
    this.clear();
  }

  remember() {
    const { data, stage, repId, faultId } = this;
    if (data && stage.isReady) places.set(data.clip, { frame: stage.target, repId, faultId });
  }

  load(frame) {
    this.status.notice("Loading the clip …");
    this.loadedUrl = this.data.pts_url;
    this.isBroken = false;
    this.timeline.close();
    this.stage.load(this.data, frame);
  }

  ready() {
    this.status.notice("");
    this.timeline.open(this.stage.clock);
    this.transport.aim(this.rep);
    this.render();
    this.renderTransport();
    this.looping.begin();
  }

  trouble(words) {
    this.transport.stop();
    this.isBroken = true;
    postman.ask(this.outbox); // for a fresh address
    this.status.notice(`${words} Its address may have expired, or the file is gone.`, { canRetry: true });
  }

  get rep() {
    return this.reps.find((rep) => rep.id === this.repId) ?? null;
  }

  faultOf(id) {
    return this.data.faults.find((fault) => fault.id === id);
  }

  // ---- keys and clicks ------------------------------------------------------------------------

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation(); // Streamlit listens for plain letters too
    if (this.keys.takes(event)) return;
    if (event.key === "Tab" || (this.isOnButton() && [" ", "Enter"].includes(event.key))) return;
    const faults = new Map(this.data.faults.map((fault) => [fault.key, fault]));
    const { command, faultKey, isShifted } = this.keys.meaning(event, faults);
    if (!command && !faultKey) return;
    event.preventDefault();
    if (this.keys.isOpen && !ON_SHEET.has(command)) return;
    if (this.drawer.takes(command, event.repeat)) return;
    if (command && !(event.repeat && ONCE.has(command))) COMMANDS[command](this);
    else if (faultKey && !event.repeat) this.pressFault(faults.get(faultKey), isShifted);
  }

  /** Reached with Tab, a button keeps its own Space and Enter. */
  isOnButton() {
    return this.root.getRootNode().activeElement?.tagName === "BUTTON";
  }

  clicked(event) {
    const command = event.target.closest("[data-command]")?.dataset.command;
    if (command) COMMANDS[command](this);
  }

  // ---- answers --------------------------------------------------------------------------------

  pressFault(fault, isShifted) {
    const now = this.rep?.answers[fault.id] ?? NOT_RATED;
    this.answer(fault, isShifted ? "NV" : pressed(now));
  }

  answer(fault, answer) {
    this.faultId = fault.id;
    const doubt = this.rep ? this.doubts.about(fault, answer, this.rep) : "There is no repetition to answer.";
    if (doubt) {
      this.status.toast(doubt);
      return this.render();
    }
    this.post({ op: "answer", rep: this.repId, fault: fault.id, answer, ...this.remarks.keptWith(fault.id, answer) });
    const number = answer === NOT_RATED || answer === "NV" ? "" : `${answer} `;
    this.status.toast(`${fault.name}: ${number}${WORDS.get(answer)}`, answer);
  }

  focusFault(id) {
    this.faultId = id;
    this.render();
  }

  focusNext(n_rows) {
    const ids = this.data.faults.map((fault) => fault.id);
    const place = ids.indexOf(this.faultId);
    const next = place < 0 && n_rows < 0 ? ids.length - 1 : place + n_rows;
    if (ids.length) this.focusFault(ids[Math.max(0, Math.min(ids.length - 1, next))]);
  }

  get course() {
    return new Course(this.reps, this.rep, this.data);
  }

  nextClip() {
    if (this.data.next_clip) this.tell("onward", this.data.clip);
    else this.status.toast("No other clip is left to label.");
  }

  // ---- repetitions ----------------------------------------------------------------------------

  goToRep(n_reps) {
    const place = this.reps.findIndex((rep) => rep.id === this.repId);
    const next = this.reps[place + n_reps];
    if (next) this.select(next.id);
  }

  select(id) {
    this.edges.commit();
    const rep = this.reps.find((r) => r.id === id);
    if (!rep) return;
    this.repId = id;
    this.edges.reset();
    this.transport.aim(this.rep);
    if (this.transport.isPlaying) this.stage.seek(rep.start);
    else if (this.transport.isLooping) this.looping.begin();
    else this.transport.goTo(rep.start);
    this.focus();
    this.render();
  }

  chooseEdge(edge) {
    if (!this.rep) return;
    this.edges.edge = edge;
    this.render();
    this.transport.goTo(frameOfEdge(this.rep, edge));
  }

  moveEdge(edge, frame) {
    if (!this.rep || !this.stage.isReady) return;
    this.edges.move(this.rep, edge, frame, { reps: this.reps, n_frames: this.stage.clock.n });
    this.chooseEdge(edge);
  }

  nudge(n_frames) {
    const { edge } = this.edges;
    if (this.rep) this.moveEdge(edge, this.rep[edge] + n_frames);
    this.edges.commitSoon();
  }

  edgeDone(edge) {
    this.edges.commit();
    this.chooseEdge(edge);
  }

  postEdges(rep) {
    const before = this.known().find((known) => known.id === rep.id);
    const isMoved = before && EDGES.some((edge) => before[edge] !== rep[edge]);
    if (isMoved) this.post({ op: "edges", rep: rep.id, ...pickEdges(rep) });
    else this.render();
    this.transport.aim(this.rep);
  }

  // ---- saving ---------------------------------------------------------------------------------

  post(op) {
    this.edges.commit();
    postman.post(this.outbox, op);
    this.render();
  }

  history(op) {
    this.post({ op });
    this.status.toast(op === "undo" ? "Undone" : "Done again");
  }

  /** The reps with everything on top that is still on its way. */
  known() {
    const { reps, rater, clip } = this.data;
    return replay(reps, postman.pending(clip, rater));
  }

  get n_pending() {
    return postman.n_pending + (this.edges.edit ? 1 : 0);
  }

  get refused() {
    return this.data.refused.filter((r) => !postman.dismissed.has(`${r.client}:${r.seq}`));
  }

  dismiss() {
    for (const { client, seq } of this.refused) postman.dismissed.add(`${client}:${seq}`);
    this.render();
  }

  // ---- what the rater sees --------------------------------------------------------------------

  painted(frame) {
    this.status.frame(frame, this.stage.clock);
    this.timeline.point(frame);
    this.eyes.painted(frame);
    this.transport.passed(frame);
  }

  render() {
    const { faults, can_undo, can_redo } = this.data;
    this.reps = this.edges.over(this.known());
    const { rep, n_pending } = this;
    const place = this.reps.indexOf(rep);
    this.timeline.render(this.reps, { selectedId: this.repId, edge: this.edges.edge, faults, phases: this.data.phases });
    this.timeline.snaps = this.data.snaps;
    this.timeline.renderGhosts(uncounted(this.data.turned_down, this.reps));
    this.panel.render(rep, { faults, focusedId: this.faultId, hint: hintOf(this) });
    this.status.place(rep, { place, n_reps: this.reps.length });
    this.status.saved({ n_pending, n_unkept: postman.n_unkept, refused: this.refused });
    this.drawer.render();
    this.remarks.render();
    this.eyes.render();
    this.status.allClear(this.course.label);
    this.status.enable({
      previousRep: place > 0,
      nextRep: place < this.reps.length - 1,
      allClear: rep !== null,
      undo: can_undo || n_pending > 0,
      redo: can_redo,
    });
  }

  renderTransport() {
    const { speed, isPlaying, isLooping } = this.transport;
    this.root.classList.toggle("playing", isPlaying);
    this.status.transport({ speed, isLooping });
    this.looping.told();
  }

  destroy() {
    this.edges.commit();
    this.looping.rest();
    this.eyes.rest();
    this.remember();
    postman.rest();
    this.status.destroy();
    this.transport.stop();
    this.abort.abort();
    this.stage.film.removeAttribute("src");
  }
}

const players = new WeakMap();

export default function mount({ parentElement, ...news }) {
  const root = parentElement.querySelector(".player");
  if (!players.has(root)) {
    players.set(root, new Player(root));
    expose(players.get(root));
  }
  const player = players.get(root);
  player.update(news);
  return () => {
    player.destroy();
    players.delete(root);
  };
}
