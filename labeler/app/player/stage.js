// The picture: video, skeleton on top, and seeks that land on exactly the frame asked for.

import { Blank } from "./blank.js";
import { FrameClock } from "./clock.js";
import { framing } from "./zoom.js";

const MIN_BROWSER_RATE = 0.0625; // what browsers play, in seconds of the video per second
const MAX_BROWSER_RATE = 16;
const MIN_VISIBILITY = 0.5;
const VALUES_PER_FRAME = 33 * 3; // x_px, y_px, visibility of 33 landmarks
const BACK_VALUES_PER_FRAME = 26 * 2; // x_px, y_px of 26 places along the back
const HALO = "rgba(0, 0, 0, .45)";
const BONE_PAINT = "#5eead4";
const BACK_PAINT = "#fbbf24";

async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}

export class Stage {
  /**
   * @param {HTMLElement} root the element with the video and the overlay
   * @param {{onFrame: Function, onReady: Function, onTrouble: Function, onEnded: Function}} told
   */
  constructor(root, told, signal) {
    this.film = root.querySelector("video");
    this.blank = new Blank();
    this.video = this.film; // or the blank, where a clip has none
    this.noVideo = root.querySelector(".no-video");
    this.canvas = root.querySelector("canvas");
    this.told = told;
    this.signal = signal;
    this.isPoseShown = this.isBackShown = true;
    this.overlay = () => {}; // draws whatever else lies over the picture
    this.box = null; // the part of the picture to show; null shows all of it
    this.reset();
    for (const video of [this.film, this.blank]) this.listen(video);
    this.film.addEventListener("error", () => told.onTrouble("The video cannot be played."), { signal });
    const resized = new ResizeObserver(() => this.fit());
    resized.observe(this.canvas);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  listen(video) {
    const { told, signal } = this;
    video.addEventListener("seeked", () => video === this.video && this.landed(), { signal });
    video.addEventListener("ended", () => video === this.video && told.onEnded(), { signal });
    const presented = (now, { mediaTime }) => {
      if (signal.aborted) return;
      if (video === this.video) this.present(mediaTime);
      video.requestVideoFrameCallback(presented);
    };
    video.requestVideoFrameCallback(presented);
  }

  /** Show the film, or nothing but the skeleton. */
  choose(video_url) {
    this.video = video_url ? this.film : this.blank;
    this.film.hidden = !video_url;
    this.noVideo.hidden = Boolean(video_url);
    if (!video_url) return void this.film.removeAttribute("src");
    this.film.src = video_url;
    return new Promise((resolve) => {
      this.film.addEventListener("loadeddata", resolve, { once: true, signal: this.signal });
    });
  }

  reset() {
    Object.assign(this, { box: null, clock: null, pose: null, back: null, frame: 0, target: 0, inFlight: null, isReady: false, scale: 1 });
  }

  /** Show a clip; `frame` is where to begin. */
  async load({ video_url, pts_url, pose_url, back_url, size, bones, time_scale }, frame) {
    const ticket = (this.ticket = {});
    this.reset();
    Object.assign(this, { size, bones, target: frame, scale: time_scale ?? 1 });
    this.aim(null);
    const loaded = this.choose(video_url);
    fetched(pose_url)
      .then((buffer) => ticket === this.ticket && this.show({ pose: new Float32Array(buffer) }))
      .catch(() => ticket === this.ticket && !video_url && this.told.onTrouble("The skeleton cannot be read."));
    if (back_url) {
      fetched(back_url)
        .then((buffer) => ticket === this.ticket && this.show({ back: new Float32Array(buffer) }))
        .catch(() => {}); // one can label without it
    }
    try {
      const pts = new Float64Array(await fetched(pts_url));
      await loaded;
      if (ticket !== this.ticket || this.signal.aborted) return;
      this.clock = new FrameClock(pts.map((pts_s) => pts_s * this.scale)); // real seconds
      this.blank.open(new FrameClock(pts)); // a video's own, as slow as it plays
      this.isReady = true;
      this.seek(this.target, { isForced: true });
      this.told.onReady();
    } catch (error) {
      if (ticket === this.ticket) this.told.onTrouble(`The frame times cannot be read: ${error.message}.`);
    }
  }

  show(overlay) {
    Object.assign(this, overlay);
    this.draw();
    if (overlay.pose) this.told.onPose?.();
  }

  /** Go to a frame. One seek is in flight at a time; of those asked for meanwhile the latest wins. */
  seek(frame, { isForced = false } = {}) {
    this.target = this.clock?.clamp(frame) ?? frame; // before the clip is loaded: where to begin
    if (!this.isReady) return;
    if (this.inFlight !== null || (this.target === this.frame && !isForced)) return;
    this.inFlight = this.target;
    this.video.currentTime = this.clock.midpoint(this.target) / this.scale;
  }

  /** How fast time passes: 1 is as it was filmed, whatever the video's own clock says. */
  set pace(speed) {
    this.video.playbackRate = Math.min(MAX_BROWSER_RATE, Math.max(MIN_BROWSER_RATE, speed / this.scale));
  }

  /** Real seconds since the first frame. */
  get time_s() {
    return this.video.currentTime * this.scale;
  }

  landed() {
    const landed = this.inFlight;
    this.inFlight = null;
    if (landed === null) return;
    if (landed === this.frame) this.present(this.clock.pts_s[landed] / this.scale); // no new picture will tell
    if (landed !== this.target) this.seek(this.target, { isForced: true });
  }

  /** A frame is on screen: `mediaTime` is its own pts, on the clock of the video. */
  present(mediaTime) {
    if (!this.isReady) return;
    this.frame = this.clock.nearest(mediaTime * this.scale);
    if (!this.video.paused && this.inFlight === null) this.target = this.frame;
    this.draw();
    this.told.onFrame(this.frame);
  }

  fit() {
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.canvas.clientWidth * ratio);
    this.canvas.height = Math.round(this.canvas.clientHeight * ratio);
    this.aim(this.box);
  }

  /** Show a part of the picture as large as it gets; null: all of it. */
  aim(box) {
    this.box = box;
    const { clientWidth, clientHeight } = this.canvas;
    if (this.size && clientWidth) {
      const { scale, whole, x, y } = framing(this.size, clientWidth, clientHeight, box);
      const [right, down] = [(this.size[0] / 2 - x) * scale, (this.size[1] / 2 - y) * scale];
      this.film.style.transform = box ? `translate(${right}px, ${down}px) scale(${scale / whole})` : "";
    }
    this.draw();
  }

  /** A landmark in pixels of the picture; null where it was not surely seen. */
  landmark(frame, landmark) {
    const at = frame * VALUES_PER_FRAME + 3 * landmark;
    if (!this.pose || !(this.pose[at + 2] >= MIN_VISIBILITY)) return null;
    const [x, y] = [this.pose[at], this.pose[at + 1]];
    return Number.isNaN(x + y) ? null : { x, y };
  }

  draw() {
    const { canvas } = this;
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (!this.isReady) return;
    this.drawPose(pen);
    this.overlay(pen);
  }

  drawPose(pen) {
    const ofFrame = (values, n) => values?.subarray(this.frame * n, (this.frame + 1) * n) ?? [];
    const { place } = this;
    if (this.isPoseShown) this.drawBones(pen, placedBones(ofFrame(this.pose, VALUES_PER_FRAME), place));
    if (this.isBackShown) this.drawBack(pen, placedBack(ofFrame(this.back, BACK_VALUES_PER_FRAME), place));
  }

  /** From pixels of the picture to those of the canvas, inside which it is letterboxed. */
  get place() {
    const { width, height } = this.canvas;
    const middle = framing(this.size, width, height, this.box);
    const { scale } = middle;
    return (x, y) => ({ x: width / 2 + (x - middle.x) * scale, y: height / 2 + (y - middle.y) * scale });
  }

  get penWidth() {
    return Math.max(1.5, Math.min(this.canvas.width, this.canvas.height) / 260);
  }

  drawBones(pen, points) {
    const width = this.penWidth;
    pen.lineCap = "round";
    for (const [a, b] of this.bones) {
      const [from, to] = [points[a], points[b]];
      if (!from || !to || Number.isNaN(from.x + to.x)) continue;
      const isSure = from.isSure && to.isSure;
      for (const [extra, paint] of [[width * 1.2, HALO], [0, BONE_PAINT]]) {
        pen.globalAlpha = isSure ? 1 : 0.35;
        pen.lineWidth = width + extra;
        pen.strokeStyle = paint;
        pen.beginPath();
        pen.moveTo(from.x, from.y);
        pen.lineTo(to.x, to.y);
        pen.stroke();
      }
    }
    pen.globalAlpha = 1;
  }

  /** A line along the back, broken where it was not seen. */
  drawBack(pen, points) {
    const width = this.penWidth * 1.2;
    pen.lineCap = pen.lineJoin = "round";
    for (const [extra, paint] of [[width * 1.2, HALO], [0, BACK_PAINT]]) {
      pen.lineWidth = width + extra;
      pen.strokeStyle = paint;
      pen.beginPath();
      let isDown = false;
      for (const { x, y } of points) {
        if (isDown) pen.lineTo(x, y);
        else pen.moveTo(x, y);
        isDown = !Number.isNaN(x + y);
      }
      pen.stroke();
    }
  }
}

function placedBones(values, place) {
  return Array.from({ length: values.length / 3 }, (_, i) => ({
    ...place(values[3 * i], values[3 * i + 1]),
    isSure: values[3 * i + 2] >= MIN_VISIBILITY,
  }));
}

function placedBack(values, place) {
  return Array.from({ length: values.length / 2 }, (_, i) => place(values[2 * i], values[2 * i + 1]));
}
