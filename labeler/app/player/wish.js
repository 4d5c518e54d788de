// What a rater sets up once and finds again everywhere: told to Python, which remembers.

const SEND_AFTER_MS = 300; // a few presses in a row are one wish
const LOST_AFTER_MS = 3000; // a wish that was not heard by then is told again

export class Wish {
  /** @param {(value: object) => void} tell takes what Python shall remember, and whose it is */
  constructor(tell) {
    this.tell = tell;
    this.heard = null; // what Python told last, as text
    this.wanted = null; // what Python has not told back yet
    this.timer = null;
  }

  get isKept() {
    return this.wanted === null;
  }

  /** Whether this is news from Python; what was changed here meanwhile is newer. */
  hears(value, rater) {
    if (rater !== this.rater) Object.assign(this, { rater, heard: null, wanted: null });
    const heard = JSON.stringify(value);
    if (this.wanted !== null && heard !== this.wanted) {
      if (performance.now() - this.sent_ms > LOST_AFTER_MS) this.send();
      return false;
    }
    this.wanted = null;
    const isNews = heard !== this.heard;
    this.heard = heard;
    return isNews;
  }

  /** Whatever the rater has now: Python shall know, where it is news. */
  has(value) {
    const wanted = JSON.stringify(value);
    if (this.heard === null || wanted === (this.wanted ?? this.heard)) return;
    this.wanted = wanted;
    this.sent_ms = performance.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), SEND_AFTER_MS);
  }

  send() {
    clearTimeout(this.timer);
    this.timer = null;
    this.sent_ms = performance.now();
    if (this.wanted !== null) this.tell({ ...JSON.parse(this.wanted), rater: this.rater });
  }

  /** Another clip, another rater, or the end of the page. */
  rest() {
    if (this.timer) this.send();
  }
}
