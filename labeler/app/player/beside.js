// A second picture: the athlete's best repetition turning at the same moment, or another camera.

import { Stage } from "./stage.js";
import { boxOf } from "./zoom.js";

const MAX_DRIFT_S = 0.06; // while both play; standing still they are exact
const KINDS = ["best", "camera"];
const MISSING = {
  best: "No other repetition of this athlete, movement and view is all clear yet.",
  camera: "No other camera of this set is known: tell athlete, movement and session of its clip.",
};

export class Beside {
  constructor(player, signal) {
    const root = player.root.querySelector(".twin");
    Object.assign(this, { player, root, kind: null, rows: null, asked: null, shown: null });
    this.stage = new Stage(root, {
      onFrame: () => {},
      onReady: () => this.follow(this.player.stage.frame),
      onPose: () => this.frame(),
      onTrouble: (words) => this.say(words),
      onEnded: () => {},
    }, signal);
    this.stage.overlay = (pen) => player.eyes.drawOver(pen, this.stage, this.rep, null);
  }

  /** None, the best, another camera, none: whatever there is for this repetition. */
  async cycle() {
    await this.ask();
    const { kind } = this;
    const next = KINDS.slice(KINDS.indexOf(kind) + 1).find((one) => this.rowOf(one));
    if (!next && !kind) this.player.status.toast(`Nothing to show beside it. ${MISSING.best} ${MISSING.camera}`);
    this.kind = next ?? null;
    this.render();
  }

  /** The frames of the repetition in the other picture. */
  get rep() {
    return this.row && { start: this.row.other_start, stop: this.row.other_stop };
  }

  rowOf(kind) {
    const { repId } = this.player;
    return this.rows?.find((row) => row.rep_id === repId && row.kind === kind);
  }

  render() {
    const isOn = this.kind !== null;
    this.root.hidden = !isOn;
    this.player.root.querySelector("[data-command=beside]").setAttribute("aria-pressed", String(isOn));
    if (!isOn) return this.rest();
    this.ask().then(() => this.show());
  }

  /** What there is, once per edition of the clip; without an answer there is nothing. */
  async ask() {
    const url = this.player.data.courses_url?.replace("/courses?", "/beside?");
    if (!url || url === this.asked) return this.asking;
    this.asked = url;
    this.asking = fetch(url)
      .then((response) => (response.ok ? response.json() : []))
      .catch(() => [])
      .then((rows) => {
        if (url === this.asked) this.rows = rows;
      });
    return this.asking;
  }

  show() {
    if (this.kind === null) return;
    const row = this.rowOf(this.kind) ?? null;
    const key = JSON.stringify(row && [row.pts_url, row.other_rep_id, row.this_s, row.other_s]);
    if (key === this.shown) return this.frame();
    const isOtherClip = row && row.pts_url !== this.row?.pts_url;
    Object.assign(this, { row, shown: key });
    if (!row) return this.say(MISSING[this.kind]);
    const what = this.kind === "best" ? "Best" : "Camera";
    this.say(`${what}: ${row.file}, repetition ${row.other_index}`);
    if (isOtherClip) this.stage.load({ ...row, bones: this.player.data.bones }, 0);
    else this.follow(this.player.stage.frame);
    this.frame();
  }

  say(words) {
    this.root.querySelector(".which").textContent = words;
  }

  /** As close, and with the same skeleton, as the picture it is beside. */
  frame() {
    const { stage, player, rep } = this;
    const { isPoseShown, isBackShown } = player.stage;
    Object.assign(stage, { isPoseShown, isBackShown });
    stage.aim(player.eyes.shown.zoom && rep && stage.pose ? boxOf(stage, rep) : null);
  }

  /** Show what was taken at the same moment, counted from the turn; play along where it plays. */
  follow(frame) {
    const { row, stage } = this;
    if (this.kind === null || !row || !stage.isReady) return;
    const { stage: led, transport } = this.player;
    const time_s = led.clock.midpoint(frame) - row.this_s + row.other_s;
    const target = stage.clock.frameAt(time_s);
    const isInside = time_s >= 0 && time_s < stage.clock.duration_s;
    if (isInside && transport.shuttle > 0 && !led.video.paused) return this.playAlong(time_s, target);
    const isMoving = !stage.video.paused;
    stage.video.pause();
    stage.seek(target, { isForced: isMoving });
  }

  playAlong(time_s, target) {
    const { stage } = this;
    stage.pace = this.player.transport.speed;
    const drift_s = Math.abs(stage.time_s - time_s);
    if (drift_s > MAX_DRIFT_S) stage.seek(target, { isForced: true });
    if (stage.video.paused) stage.video.play().catch(() => {}); // a seek came between
  }

  rest() {
    if (!this.row) return;
    Object.assign(this, { row: null, shown: null });
    this.stage.video.pause();
    this.stage.reset();
    this.stage.film.removeAttribute("src");
  }
}
