// Operations wait here until Python acknowledges them. Each outbox belongs to one page load, clip and
// rater; client id and sequence number name an operation for ever, so sending it twice is harmless.

const PREFIX = "labeler.outbox";
const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 15000;

const storeKey = ({ clip, rater, client }) => [PREFIX, clip, encodeURIComponent(rater), client].join("/");

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12)); // randomUUID needs HTTPS or localhost
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Storage that may be full or forbidden: memory still holds everything then. */
const disk = {
  read(key) {
    try {
      const ops = JSON.parse(localStorage.getItem(key) ?? "[]");
      return Array.isArray(ops) ? ops.filter((op) => Number.isInteger(op?.seq)) : [];
    } catch {
      return [];
    }
  },
  write(key, ops) {
    try {
      if (ops.length) localStorage.setItem(key, JSON.stringify(ops));
      else localStorage.removeItem(key);
    } catch {
      /* nothing to do: the operations stay in memory */
    }
  },
  keys() {
    try {
      return Object.keys(localStorage);
    } catch {
      return [];
    }
  },
};

class Outbox {
  constructor(clip, rater, client) {
    Object.assign(this, { clip, rater, client, seq: 0 });
    this.ops = disk.read(storeKey(this));
  }

  push(op) {
    this.ops.push({ ...op, seq: ++this.seq, at: new Date().toISOString() });
    disk.write(storeKey(this), this.ops);
  }

  /** Forget what is dealt with; the disk is read again, as another tab may have added to it. */
  settle(ack) {
    if (!this.ops.some((op) => op.seq <= ack)) return;
    this.ops = this.ops.filter((op) => op.seq > ack);
    disk.write(storeKey(this), disk.read(storeKey(this)).filter((op) => op.seq > ack));
  }
}

/** All outboxes of one page load, and those a closed tab left behind; one batch in flight. */
class Postman {
  constructor() {
    this.boxes = [];
    this.inFlight = null;
    this.send = null;
  }

  /** The rater's outbox for a clip; what closed tabs left for that clip goes first. */
  open(clip, rater) {
    const own = this.boxes.find((b) => b.clip === clip && b.rater === rater && b.isOwn);
    if (own) return own;
    this.adopt(clip);
    const box = Object.assign(new Outbox(clip, rater, randomId()), { isOwn: true });
    this.boxes.push(box);
    return box;
  }

  /** Another tab may still be alive: both send its operations then, which is harmless. */
  adopt(clip) {
    const prefix = `${PREFIX}/${clip}/`;
    for (const key of disk.keys().filter((k) => k.startsWith(prefix))) {
      const [rater, client] = key.slice(prefix.length).split("/");
      if (this.boxes.some((b) => b.client === client)) continue;
      this.boxes.push(new Outbox(clip, decodeURIComponent(rater), client));
    }
  }

  /** What Python has not acknowledged, oldest outbox first. */
  pending(clip, rater) {
    return this.boxes.filter((b) => b.clip === clip && b.rater === rater).flatMap((b) => b.ops);
  }

  get n_pending() {
    return this.boxes.reduce((n, box) => n + box.ops.length, 0);
  }

  post(box, op) {
    box.push(op);
    this.dispatch();
  }

  settle(acks) {
    for (const box of this.boxes) box.settle(acks[box.client] ?? 0);
    this.boxes = this.boxes.filter((b) => b.isOwn || b.ops.length);
    const flight = this.inFlight;
    if (flight && (acks[flight.client] ?? 0) >= flight.seq) this.land();
    this.dispatch();
  }

  dispatch(wait_ms = FIRST_RETRY_MS) {
    const box = this.boxes.find((b) => b.ops.length);
    if (this.inFlight || !this.send || !box) return;
    const timer = setTimeout(() => {
      this.land();
      this.dispatch(Math.min(2 * wait_ms, LAST_RETRY_MS));
    }, wait_ms);
    this.inFlight = { client: box.client, seq: box.ops.at(-1).seq, timer };
    this.deliver(box, [...box.ops]);
  }

  /** Ask Python for fresh data without telling it anything. */
  ask(box) {
    if (this.send) this.deliver(box, []);
  }

  deliver({ client, clip, rater }, ops) {
    this.send({ client, clip, rater, ops });
  }

  land() {
    clearTimeout(this.inFlight?.timer);
    this.inFlight = null;
  }

  /** Stop sending until a player is mounted again; nothing is forgotten. */
  rest() {
    this.land();
    this.send = null;
  }
}

export const postman = new Postman();
