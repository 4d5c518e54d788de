// A clip without a video: the clock and the events of a video element, with nothing on the screen
// but what is drawn over it.

export class Blank extends EventTarget {
  constructor() {
    super();
    Object.assign(this, { clock: null, time_s: 0, paused: true, playbackRate: 1, callbacks: [] });
  }

  open(clock) {
    Object.assign(this, { clock, time_s: 0, shown: null });
  }

  requestVideoFrameCallback(callback) {
    this.callbacks.push(callback);
  }

  get currentTime() {
    return this.time_s;
  }

  set currentTime(time_s) {
    this.time_s = time_s;
    cancelAnimationFrame(this.seeking);
    this.seeking = requestAnimationFrame(() => {
      this.paint();
      this.dispatchEvent(new Event("seeked"));
    });
  }

  play() {
    if (this.paused && this.clock) {
      this.paused = false;
      this.walk(performance.now());
    }
    return Promise.resolve();
  }

  pause() {
    this.paused = true;
    cancelAnimationFrame(this.walking);
  }

  walk(last_ms) {
    this.walking = requestAnimationFrame((now_ms) => {
      this.time_s += (Math.max(0, now_ms - last_ms) / 1000) * this.playbackRate;
      if (this.clock.frameAt(this.time_s) !== this.shown) this.paint();
      if (this.time_s < this.clock.duration_s) return void (this.paused || this.walk(now_ms));
      this.pause();
      this.dispatchEvent(new Event("ended"));
    });
  }

  /** Tell whoever waits which frame is on screen now; they ask again for the next one. */
  paint() {
    this.shown = this.clock.frameAt(this.time_s);
    const told = this.callbacks;
    this.callbacks = [];
    for (const callback of told) callback(performance.now(), { mediaTime: this.clock.pts_s[this.shown] });
  }
}
