// What helps the eye beside the picture. Python remembers which of it a rater has switched on.

import { Beside } from "./beside.js";
import { Charts, unpacked } from "./charts.js";
import { drawLines, drawTrails } from "./figures.js";
import { Wish } from "./wish.js";
import { boxOf } from "./zoom.js";

export class Eyes {
  constructor(player, signal) {
    this.player = player;
    this.shown = {}; // until Python has told
    this.wish = new Wish((wish) => player.tell("overlays", wish));
    this.courses = null;
    const { stage } = player;
    stage.overlay = (pen) => this.drawOver(pen, stage, player.rep, this.courses?.angles);
    this.beside = new Beside(player, signal);
    this.charts = new Charts(player.root.querySelector(".charts"), (frame) => player.transport.goTo(frame), signal);
  }

  /** News from Python. */
  hear({ overlays, rater }) {
    const wish = Object.fromEntries(Object.entries(overlays).sort());
    if (this.wish.hears(wish, rater)) this.shown = wish;
  }

  rest() {
    this.wish.rest();
  }

  toggle(what) {
    this.shown[what] = !this.shown[what];
    if (this.shown[what]) this.sayIfInVain(what);
    this.wish.has(this.shown);
    this.render();
  }

  /** What was switched on and still cannot be seen, with the reason. */
  sayIfInVain(what) {
    const { stage, status, rep, data } = this.player;
    const isUnseen = !stage.pose || (rep && !boxOf(stage, rep));
    const hasAngles = this.courses?.angles.some((angle) => angle.some((value) => !Number.isNaN(value)));
    if (what === "back" && !stage.back?.length) status.toast("The line of the back was not measured here: it takes a view from the side.");
    else if (what !== "charts" && isUnseen) status.toast("The athlete was not seen here.");
    else if (what === "lines" && this.courses && !hasAngles) status.toast("Lines without angles: this view cannot show how far they lean.");
    else if (what === "charts" && !data.courses_url) status.toast("There are no curves of this clip.");
  }

  /** Whatever changed: the clip, its repetitions, the one in focus. */
  render() {
    const { data, root } = this.player;
    if (data.clip !== this.clip) Object.assign(this, { clip: data.clip, courses: null, asked: null, figures: null });
    if (data.courses_url && data.courses_url !== this.asked) this.ask(data.courses_url);
    for (const [what, isOn] of Object.entries(this.shown)) {
      root.querySelector(`[data-command=${what}]`)?.setAttribute("aria-pressed", String(isOn));
    }
    this.charts.root.hidden = !this.shown.charts || !data.courses_url;
    this.showFigures();
    this.showCourses();
    this.beside.render();
  }

  /** What lies over the picture, and how much of it is in sight. */
  showFigures() {
    const { stage, rep } = this.player;
    if (!stage.isReady) return;
    const { pose, back, trails, lines, zoom } = this.shown;
    const shown = [pose, back, trails, lines, zoom, stage.pose, this.courses, rep?.id, rep?.start, rep?.stop];
    if (shown.every((one, i) => one === this.figures?.[i])) return;
    this.figures = shown;
    Object.assign(stage, { isPoseShown: pose, isBackShown: back });
    stage.aim(zoom && rep && stage.pose ? boxOf(stage, rep) : null);
  }

  /** Over every frame; called by the stages. */
  drawOver(pen, stage, rep, angles) {
    if (this.shown.trails) drawTrails(pen, stage, rep);
    if (this.shown.lines) drawLines(pen, stage, angles);
  }

  showCourses() {
    const { repId, stage } = this.player;
    const rep = this.courses?.reps.get(repId) ?? null;
    const shown = [this.courses, rep, stage.clock];
    if (shown.every((one, i) => one === this.drawn?.[i])) return;
    this.drawn = shown;
    const empty = this.courses && !this.courses.reps.size ? "Curves come with the first repetition." : "";
    this.charts.show(rep, stage.clock, this.courses?.n_per_phase, empty);
  }

  /** One can label without them; what is there stays until the new ones have come. */
  async ask(url) {
    this.asked = url;
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(response.statusText);
      const courses = unpacked(await response.arrayBuffer());
      if (url === this.asked) this.courses = courses;
    } catch {
      if (url === this.asked) this.charts.why.textContent = "The curves of hips and torso cannot be read.";
      return;
    }
    this.showCourses();
    this.showFigures();
  }

  painted(frame) {
    this.charts.point(frame);
    this.beside.follow(frame);
  }
}
