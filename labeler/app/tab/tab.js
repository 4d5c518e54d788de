// Remembers who rates in this tab: through reloads by the tab's own storage, and through a restart of
// the server by the component's state, which the browser tells every new server first of all. While no
// player is in front it delivers what waits in the browser; an outbox of its own reads it off the disk.

import { postman } from "../player/outbox.js";

const NAMES = "labeler.rater";

/** The tab's own storage, which may be forbidden. */
const note = {
  read(dataset) {
    try {
      return sessionStorage.getItem(`${NAMES}/${dataset}`) ?? "";
    } catch {
      return "";
    }
  },
  write(dataset, rater) {
    try {
      if (rater) sessionStorage.setItem(`${NAMES}/${dataset}`, rater);
      else sessionStorage.removeItem(`${NAMES}/${dataset}`);
    } catch {
      /* the name is asked again after a reload */
    }
  },
};

let hearing = null;

function listen() {
  if (hearing) return;
  hearing = new AbortController();
  postman.listen(() => {}, () => {}, hearing.signal);
}

export default function mount({ data, setStateValue, setTriggerValue }) {
  const { dataset, rater, is_left, known } = data;
  if (rater || is_left) note.write(dataset, rater);
  const now = rater || note.read(dataset);
  if (known?.dataset !== dataset || known.rater !== now) setStateValue("who", { dataset, rater: now });
  listen();
  if (data.carries) {
    postman.send = (batch) => setTriggerValue("commit", batch);
    postman.dataset = dataset;
    postman.settle(data.acks);
    postman.carry(dataset);
  } else {
    postman.rest();
  }
  return () => {
    hearing?.abort();
    hearing = null;
    postman.rest();
  };
}
