// Operations wait here until Python acknowledges them. Each outbox belongs to one page load, clip and
// rater of one dataset; client id and sequence number name an operation for ever, so sending it twice
// is harmless. On disk each operation is an entry of its own: tabs never overwrite each other's.

const PREFIX = "labeler.outbox";
const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 15000;
const LEFT_AFTER_MS = 5000; // what another tab has not delivered by then may be left behind

const shelfOf = ({ dataset, clip, rater, client }) => [PREFIX, dataset, clip, encodeURIComponent(rater), client].join("/");

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12)); // randomUUID needs HTTPS or localhost
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Storage that may be full or forbidden: memory still holds everything then. */
const disk = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  /** Whether it is on the disk now. */
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      /* nothing is there */
    }
  },
  keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}/`));
    } catch {
      return [];
    }
  },
};

/** Outboxes on disk: whose they are, and their operations in order. */
function kept(dataset) {
  const found = new Map();
  for (const key of disk.keys()) {
    const [whose, clip, rater, client, seq] = key.slice(PREFIX.length + 1).split("/");
    const op = disk.read(key);
    if (whose !== dataset || !Number.isInteger(op?.seq) || String(op.seq) !== seq) continue;
    if (!found.has(client)) found.set(client, { dataset, clip, rater: decodeURIComponent(rater), client, ops: [] });
    found.get(client).ops.push(op);
  }
  for (const { ops } of found.values()) ops.sort((a, b) => a.seq - b.seq);
  return [...found.values()].sort((a, b) => (a.ops[0].at < b.ops[0].at ? -1 : 1));
}

/** Until entries had one operation each, an outbox was one list: make it entries of this dataset. */
function splitLists(dataset, clip) {
  for (const key of disk.keys()) {
    const [of, rater, client, ...more] = key.slice(PREFIX.length + 1).split("/");
    const ops = disk.read(key);
    if (of !== clip || more.length || !Array.isArray(ops)) continue;
    const name = shelfOf({ dataset, clip, rater: decodeURIComponent(rater), client });
    if (ops.every((op) => disk.write(`${name}/${op.seq}`, op))) disk.remove(key);
  }
}

class Outbox {
  constructor({ dataset, clip, rater, client, ops = [] }) {
    Object.assign(this, { dataset, clip, rater, client, ops, seq: 0, unkept: new Set() });
    this.name = shelfOf(this);
  }

  push(op) {
    const made = { ...op, seq: ++this.seq, at: new Date().toISOString() };
    this.ops.push(made);
    this.unkept.add(made);
    this.keep();
  }

  /** Bring to the disk what could not be written before. */
  keep() {
    for (const op of this.unkept) if (disk.write(`${this.name}/${op.seq}`, op)) this.unkept.delete(op);
  }

  /** What another tab has added since. */
  meet(ops) {
    const known = new Set(this.ops.map((op) => op.seq));
    this.ops.push(...ops.filter((op) => !known.has(op.seq)));
    this.ops.sort((a, b) => a.seq - b.seq);
  }

  /** Forget what is dealt with. */
  settle(ack) {
    for (const op of this.ops.filter((op) => op.seq <= ack)) {
      disk.remove(`${this.name}/${op.seq}`);
      this.unkept.delete(op);
    }
    this.ops = this.ops.filter((op) => op.seq > ack);
    this.keep();
  }
}

/** All outboxes of one page load, and those a closed tab left behind; one batch in flight. */
class Postman {
  constructor() {
    this.all = [];
    this.dataset = null;
    this.inFlight = null;
    this.send = null;
    this.dismissed = new Set(); // refusals that the rater has read, in whatever clip they came
  }

  /** Those of the dataset that is served now; another one at the same address gets nothing of it. */
  get boxes() {
    return this.all.filter((box) => box.dataset === this.dataset);
  }

  /** The rater's outbox for a clip; what closed tabs left, for whatever clip, goes first. */
  open({ dataset, clip, rater }) {
    this.dataset = dataset;
    splitLists(dataset, clip);
    this.adopt();
    const own = this.boxes.find((b) => b.clip === clip && b.rater === rater && b.isOwn);
    if (own) return own;
    const box = Object.assign(new Outbox({ dataset, clip, rater, client: randomId() }), { isOwn: true });
    this.all.push(box);
    return box;
  }

  /** Deliver what lies on the disk while no player is in front; one that goes may still add to it. */
  carry(dataset) {
    this.dataset = dataset;
    this.adopt();
    this.dispatch();
    this.lookLater(() => {});
  }

  /** Another tab may still be alive: both send its operations then, which is harmless. */
  adopt() {
    for (const left of kept(this.dataset)) {
      const known = this.all.find((box) => box.client === left.client);
      if (!known) this.all.push(new Outbox(left));
      else if (!known.isOwn) known.meet(left.ops);
    }
  }

  /** What Python has not acknowledged, oldest outbox first. */
  pending(clip, rater) {
    return this.boxes.filter((b) => b.clip === clip && b.rater === rater).flatMap((b) => b.ops);
  }

  get n_pending() {
    return this.boxes.reduce((n, box) => n + box.ops.length, 0);
  }

  /** How many of them this tab alone knows, because the browser's storage took none. */
  get n_unkept() {
    return this.all.reduce((n, box) => n + box.unkept.size, 0);
  }

  post(box, op) {
    box.push(op);
    this.dispatch();
  }

  settle(acks) {
    for (const box of this.boxes) box.settle(acks[box.client] ?? 0);
    this.all = this.all.filter((b) => b.isOwn || b.ops.length);
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

  /** Listen to the browser: the tab closes (`finish` what is begun), the network and other tabs. */
  listen(finish, changed, signal) {
    const on = (name, heard) => window.addEventListener(name, heard, { signal });
    on("pagehide", finish);
    on("beforeunload", (event) => {
      finish();
      if (this.n_unkept) event.preventDefault(); // the browser asks whether to leave
    });
    on("online", () => {
      this.land();
      this.dispatch();
      changed();
    });
    on("offline", changed);
    on("storage", ({ key, newValue }) => newValue && key?.startsWith(`${PREFIX}/`) && this.lookLater(changed));
  }

  /** Another tab has work: see whether it delivers it, or was closed before. */
  lookLater(changed) {
    clearTimeout(this.look);
    this.look = setTimeout(() => {
      if (!this.send) return;
      this.adopt();
      this.dispatch();
      changed();
    }, LEFT_AFTER_MS);
  }
}

export const postman = new Postman();
