// Watching a repetition in a loop: on or off, how slowly, with how much around it. Python remembers.

const SEND_AFTER_MS = 300; // a few presses in a row are one wish
const LOST_AFTER_MS = 3000; // a wish that was not heard by then is told again
const MARGINS_S = [0, 0.25, 0.5, 1, 2];

export class Looping {
  constructor(player) {
    this.player = player;
    this.heard = null; // what Python told last, as text
    this.wish = null; // what Python has not told back yet
    this.timer = null;
  }

  get now() {
    const { isLooping, loopRate, margin_s } = this.player.transport;
    return { is_on: isLooping, speed_ratio: loopRate, margin_s };
  }

  /** News from Python; what was changed here meanwhile is newer. */
  hear({ loop, rater }) {
    if (rater !== this.rater) Object.assign(this, { rater, heard: null, wish: null });
    const heard = JSON.stringify([loop.is_on, loop.speed_ratio, loop.margin_s]);
    if (this.wish !== null && heard !== this.wish) {
      if (performance.now() - this.sent_ms > LOST_AFTER_MS) this.send();
      return;
    }
    this.wish = null;
    if (heard === this.heard) return;
    this.heard = heard;
    this.player.transport.loopAs(loop);
  }

  toggle() {
    const { player } = this;
    player.transport.isLooping = !player.transport.isLooping;
    if (!player.transport.isPlaying) this.begin();
    player.renderTransport();
  }

  /** Show the repetition from its start, again and again, where that is wanted. */
  begin() {
    const { transport, stage, rep } = this.player;
    if (!transport.isLooping || !rep || !stage.isReady) return;
    stage.seek(rep.start);
    transport.run(1);
  }

  changeMargin() {
    const { player } = this;
    const { transport } = player;
    transport.margin_s = MARGINS_S.find((margin_s) => margin_s > transport.margin_s) ?? MARGINS_S[0];
    transport.aim(player.rep);
    player.status.toast(`Loop with ${transport.margin_s} s around the repetition`);
    this.told();
  }

  /** Whatever the rater changed: Python shall know, where it is news. */
  told() {
    const { is_on, speed_ratio, margin_s } = this.now;
    const wish = JSON.stringify([is_on, speed_ratio, margin_s]);
    if (this.heard === null || wish === (this.wish ?? this.heard)) return;
    this.wish = wish;
    this.sent_ms = performance.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), SEND_AFTER_MS);
  }

  send() {
    clearTimeout(this.timer);
    this.timer = null;
    this.sent_ms = performance.now();
    this.player.tellLoop({ ...this.now, rater: this.rater });
  }

  /** Another clip, another rater, or the end of the page. */
  rest() {
    if (this.timer) this.send();
  }
}
