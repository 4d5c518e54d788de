// What Enter leads to: the next repetition, then what is left of this clip, then the next clip.

export class Course {
  constructor(reps, rep, { faults, next_clip }) {
    Object.assign(this, { reps, rep, faults, next_clip });
  }

  isOpen(rep) {
    return this.faults.some((fault) => !(fault.id in rep.answers));
  }

  /** What all clear is said about: the faults in sight now, whatever is asked once it arrives. */
  get asked() {
    const ids = (isVisible) => this.faults.filter((f) => f.is_visible === isVisible).map((f) => f.id);
    return { absent: ids(true), unseen: ids(false) };
  }

  get isLast() {
    return this.rep !== null && this.reps.at(-1).id === this.rep.id;
  }

  get firstOpen() {
    return this.reps.find((rep) => this.isOpen(rep));
  }

  /** On the button: what Enter does now. */
  get label() {
    if (!this.isLast) return "All others absent, next repetition";
    if (this.isOpen(this.rep)) return "All others absent";
    if (this.firstOpen) return `Back to repetition ${this.firstOpen.index}`;
    return this.next_clip ? "Next clip" : "Every clip is labelled";
  }

  /** Over the picture, once the last repetition is answered. */
  farewell(key) {
    if (this.firstOpen) return `${key}: back to repetition ${this.firstOpen.index}, which is not finished`;
    return this.next_clip ? `Clip finished. ${key}: on to ${this.next_clip}` : "Clip finished. No other clip is left to label.";
  }
}

/** The key of *all clear*; what nobody has seen yet is not answered. */
export function clearAndGoOn(player) {
  const { rep, course } = player;
  if (!rep || !player.stage.isReady) return;
  if (course.isOpen(rep)) player.post({ op: "all_clear", rep: rep.id, ...course.asked });
  else if (course.isLast) return course.firstOpen ? player.select(course.firstOpen.id) : player.nextClip();
  player.status.toast(course.isLast ? player.course.farewell(player.keys.keyOf("allClear")) : `Repetition ${rep.index}: all others absent`, "0");
  if (!course.isLast) player.goToRep(1);
}
