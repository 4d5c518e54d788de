// Moving through time: play, shuttle, step, speed and loop.

const RATES = [0.1, 0.25, 0.5, 1, 1.5, 2];
const MAX_SHUTTLE = 4;

export class Transport {
  constructor(stage, onChange) {
    this.stage = stage;
    this.onChange = onChange;
    this.plainRate = 1;
    this.loopRate = 0.25;
    this.margin_s = 0.5; // shown before and after a looped rep
    this.shuttle = 0; // 0 stopped, 1, 2 or 4 forward, -1, -2 or -4 backward
    this.loop = null; // frames [first, stop) to play again and again
    this.isLooping = false;
  }

  /** A loop has a speed of its own. */
  get rate() {
    return this.isLooping ? this.loopRate : this.plainRate;
  }

  get isPlaying() {
    return this.shuttle !== 0;
  }

  get speed() {
    return this.rate * (this.shuttle || 1);
  }

  toggle() {
    if (this.isPlaying) this.stop();
    else this.run(1);
  }

  /** L: play, then faster with each press. */
  forward() {
    this.run(this.shuttle > 0 ? Math.min(2 * this.shuttle, MAX_SHUTTLE) : 1);
  }

  /** J: play backward, then faster with each press. */
  backward() {
    this.run(this.shuttle < 0 ? Math.max(2 * this.shuttle, -MAX_SHUTTLE) : -1);
  }

  stop() {
    const { stage } = this;
    const wasPlaying = this.isPlaying;
    this.shuttle = 0;
    cancelAnimationFrame(this.ticker);
    if (!stage.video.paused) {
      stage.video.pause();
      stage.seek(stage.frame, { isForced: true });
    }
    if (wasPlaying) this.onChange();
  }

  run(shuttle) {
    const { stage } = this;
    if (!stage.isReady) return;
    this.shuttle = shuttle;
    cancelAnimationFrame(this.ticker);
    if (shuttle > 0) this.play();
    else {
      stage.video.pause();
      this.rewind(performance.now(), stage.clock.pts_s[stage.target]);
    }
    this.onChange();
  }

  play() {
    const { stage } = this;
    if (stage.target >= stage.clock.n - 1) stage.seek(this.bounds()[0]);
    stage.pace = this.speed;
    stage.video.play().catch(() => this.stop()); // the browser may refuse, or a seek interrupt
  }

  /** Browsers do not play backward: walk the frames, as fast as they can be painted. */
  rewind(began_ms, from_s) {
    this.ticker = requestAnimationFrame((now_ms) => {
      const { stage } = this;
      if (this.shuttle >= 0 || !stage.isReady) return;
      const time_s = from_s + ((now_ms - began_ms) / 1000) * this.speed;
      const [first, stop] = this.bounds();
      if (time_s <= stage.clock.pts_s[first]) {
        stage.seek(first);
        if (!this.isLooping) return void this.stop();
        return this.rewind(now_ms, stage.clock.pts_s[stop - 1]);
      }
      stage.seek(stage.clock.frameAt(time_s));
      this.rewind(began_ms, from_s);
    });
  }

  /** Loop a rep with a margin before and after it; null loops nothing. */
  aim(rep) {
    const { clock } = this.stage;
    if (!clock || !rep) return void (this.loop = null);
    const first = clock.frameAt(clock.boundary(rep.start) - this.margin_s);
    this.loop = [first, clock.frameAt(clock.boundary(rep.stop) + this.margin_s) + 1];
  }

  /** Frames [first, stop) that playing stays inside. */
  bounds() {
    return (this.isLooping && this.loop) || [0, this.stage.clock.n];
  }

  step(n_frames) {
    const { stage } = this;
    this.stop();
    stage.seek(stage.target + n_frames);
  }

  /** As far as the clip's own times say, whatever its frame rate. */
  skip(seconds) {
    const { stage } = this;
    this.stop();
    if (stage.isReady) stage.seek(stage.clock.nearest(stage.clock.pts_s[stage.target] + seconds));
  }

  goTo(frame) {
    this.stop();
    this.stage.seek(frame);
  }

  changeRate(n_steps) {
    const nextTo = n_steps > 0 ? RATES.find((rate) => rate > this.rate) : RATES.findLast((rate) => rate < this.rate);
    this[this.isLooping ? "loopRate" : "plainRate"] = nextTo ?? this.rate;
    this.changed();
  }

  /** As a rater wants loops. */
  loopAs({ is_on, speed_ratio, margin_s }) {
    Object.assign(this, { isLooping: is_on, loopRate: speed_ratio, margin_s });
    this.changed();
  }

  /** What plays goes on as it is wanted now. */
  changed() {
    if (this.isPlaying) this.run(this.shuttle);
    this.onChange();
  }

  /** A frame was painted: turn round at the end of the loop. */
  passed(frame) {
    if (this.shuttle <= 0 || !this.isLooping || !this.loop) return;
    const [first, stop] = this.loop;
    if (frame >= stop - 1 || frame < first) this.stage.seek(first, { isForced: true });
  }

  /** The end of the clip was reached. */
  ended() {
    if (!this.isLooping || !this.loop) return this.stop();
    this.stage.seek(this.loop[0], { isForced: true });
    this.play();
  }
}
