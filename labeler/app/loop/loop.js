// A part of a video, again and again, at a speed that the browser remembers.

const RATE_KEY = "labeler/loop-rate";
const USUAL_RATE = 0.25;
const [MIN_BROWSER_RATE, MAX_BROWSER_RATE] = [0.0625, 16];
const EARLY_S = 0.05; // a seek may land a frame early: that is no reason to seek again

class Loop {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.button = root.querySelector(".play");
    this.video.addEventListener("timeupdate", () => this.turn());
    this.video.addEventListener("ended", () => this.begin());
    this.video.addEventListener("loadedmetadata", () => this.begin());
    this.video.addEventListener("error", () => this.trouble(true));
    for (const name of ["play", "pause"]) this.video.addEventListener(name, () => this.name());
    root.addEventListener("click", (event) => this.clicked(event));
    this.setRate(Number(localStorage.getItem(RATE_KEY)) || USUAL_RATE);
  }

  show({ url, start_s, stop_s, time_scale }) {
    const isOther = this.start_s !== start_s || this.stop_s !== stop_s;
    Object.assign(this, { start_s, stop_s, time_scale });
    this.setRate(this.rate);
    if (url !== this.url) {
      this.url = url;
      this.trouble(false);
      this.video.src = url;
    } else if (isOther) this.begin();
  }

  begin() {
    this.video.currentTime = this.start_s;
    this.setRate(this.rate);
    this.video.play().catch(() => this.name()); // the browser may refuse until somebody clicks
  }

  turn() {
    const now_s = this.video.currentTime;
    if (now_s >= this.stop_s || now_s < this.start_s - EARLY_S) this.video.currentTime = this.start_s;
  }

  clicked(event) {
    const { rate } = event.target.dataset;
    if (rate) this.setRate(Number(rate));
    else if (event.target === this.button || event.target === this.video) this.toggle();
  }

  toggle() {
    if (this.video.paused) this.video.play().catch(() => this.name());
    else this.video.pause();
  }

  setRate(rate) {
    this.rate = rate; // of real time: a video in slow motion is slow already
    this.video.playbackRate = Math.min(MAX_BROWSER_RATE, Math.max(MIN_BROWSER_RATE, rate / (this.time_scale ?? 1)));
    localStorage.setItem(RATE_KEY, String(rate));
    for (const button of this.root.querySelectorAll("[data-rate]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.rate) === rate));
    }
  }

  name() {
    this.button.textContent = this.video.paused ? "Play" : "Pause";
  }

  trouble(isSo) {
    this.root.querySelector(".trouble").hidden = !isSo;
  }
}

const loops = new WeakMap();

export default function mount({ parentElement, data }) {
  const root = parentElement.querySelector(".loop");
  if (!loops.has(root)) loops.set(root, new Loop(root));
  loops.get(root).show(data);
  return () => {
    loops.get(root)?.video.pause();
    loops.delete(root);
  };
}
