// Watching a repetition in a loop: on or off, how slowly, with how much around it. Python remembers.

import { Wish } from "./wish.js";

const MARGINS_S = [0, 0.25, 0.5, 1, 2];

export class Looping {
  constructor(player) {
    this.player = player;
    this.wish = new Wish((wish) => player.tell("loop", wish));
  }

  get now() {
    const { isLooping, loopRate, margin_s } = this.player.transport;
    return { is_on: isLooping, speed_ratio: loopRate, margin_s };
  }

  /** News from Python. */
  hear({ loop: { is_on, speed_ratio, margin_s }, rater }) {
    const loop = { is_on, speed_ratio, margin_s };
    if (this.wish.hears(loop, rater)) this.player.transport.loopAs(loop);
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

  /** Whatever the rater changed. */
  told() {
    this.wish.has(this.now);
  }

  rest() {
    this.wish.rest();
  }
}
