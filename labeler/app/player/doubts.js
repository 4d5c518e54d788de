// A fault that the view cannot show is off; who sees it all the same says so twice.

import { NOT_RATED } from "./answers.js";

export class Doubts {
  /** What to say instead of taking an answer; nothing where it is taken. */
  about(fault, answer, rep) {
    const isDoubtful = !fault.is_visible && answer !== NOT_RATED && answer !== "NV";
    const [asked, place] = [this.asked, `${rep.id} ${fault.id}`];
    this.asked = isDoubtful ? place : null;
    const isSure = asked === place || Number(rep.answers[fault.id]) >= 0;
    return isDoubtful && !isSure ? `${fault.name}: cannot be seen from here. ${fault.reason} Again: rate it anyway.` : "";
  }
}
