// Sends files one after the other as plain request bodies, so that neither side holds one in memory.
// Files that wait belong to the tab, not to the page in front: one may label the first meanwhile.

const MIB = 2 ** 20;
const SHOW_EVERY_MS = 100;

function size(n_bytes) {
  const [value, unit] = n_bytes >= 1024 * MIB ? [n_bytes / 1024 / MIB, "GB"] : [n_bytes / MIB, "MB"];
  return `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`;
}

/** POST one file. XMLHttpRequest, because fetch does not tell how far an upload is. */
function post(url, file, { onProgress, onCancel }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let shown_ms = 0;
    request.upload.addEventListener("progress", ({ loaded }) => {
      if (performance.now() - shown_ms < SHOW_EVERY_MS) return;
      shown_ms = performance.now();
      onProgress(loaded);
    });
    request.addEventListener("load", () => {
      const answer = request.response ?? {};
      if (request.status === 200) resolve(answer);
      else reject(new Error([answer.message ?? `The server answered ${request.status}.`, answer.hint].filter(Boolean).join(" ")));
    });
    request.addEventListener("error", () => reject(new Error("The connection was lost. Drop the file again.")));
    request.addEventListener("abort", () => reject(new Error("Cancelled.")));
    onCancel(() => request.abort());
    request.open("POST", `${url}?name=${encodeURIComponent(file.name)}`);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  });
}

/** One file's line: name, how far it is, and a button to stop it or to put it away. */
class Line {
  constructor(file, { url, max_bytes }) {
    Object.assign(this, { file, url, max_bytes });
    this.item = document.createElement("li");
    this.item.innerHTML =
      '<span class="name"></span><span class="state"></span><button type="button">Cancel</button><progress max="1" value="0"></progress>';
    const part = (selector) => this.item.querySelector(selector);
    [this.state, this.bar, this.button] = [part(".state"), part("progress"), part("button")];
    part(".name").textContent = file.name;
    this.bar.setAttribute("aria-label", `Upload of ${file.name}`);
    this.state.textContent = `${size(file.size)}, waiting`;
    this.button.addEventListener("click", () => this.stop());
    this.cancel = () => this.fail("Cancelled.");
  }

  stop() {
    if (this.isOver) belt.drop(this);
    else this.cancel();
  }

  progress(n_bytes) {
    this.bar.value = this.file.size ? n_bytes / this.file.size : 1;
    this.state.textContent = `${size(n_bytes)} of ${size(this.file.size)}`;
  }

  fail(words) {
    this.isOver = true;
    this.item.className = "failed";
    this.state.textContent = words;
    this.button.textContent = "Hide";
  }

  async upload() {
    const { file, max_bytes } = this;
    if (file.size > max_bytes) return this.fail(`Larger than ${size(max_bytes)}. Trim the video first.`);
    if (file.size === 0) return this.fail("The file is empty. Copy it again from the camera.");
    try {
      const { name } = await post(this.url, file, {
        onProgress: (n_bytes) => this.progress(n_bytes),
        onCancel: (cancel) => (this.cancel = cancel),
      });
      belt.drop(this); // the page tells from here on
      belt.report({ name, size: file.size });
    } catch (error) {
      this.fail(error.message);
    }
  }
}

/** Every file of this tab that is not handed over, whatever page is in front. */
const belt = {
  lines: [],
  isBusy: false,
  report: () => {}, // to the page, while it is in front

  add(lines) {
    this.lines.push(...lines);
    if (!this.isBusy) this.work();
  },

  drop(line) {
    this.lines = this.lines.filter((other) => other !== line);
    line.item.remove();
  },

  get next() {
    return this.lines.find(({ isOver }) => !isOver);
  },

  async work() {
    this.isBusy = true;
    while (this.next) await this.next.upload();
    this.isBusy = false;
  },
};

window.addEventListener("beforeunload", (event) => belt.isBusy && event.preventDefault());

class Uploader {
  constructor(root) {
    this.root = root;
    this.zone = root.querySelector(".zone");
    this.input = root.querySelector("input");
    this.list = root.querySelector(".files");
    this.list.replaceChildren(...belt.lines.map(({ item }) => item));
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = ""; // so that the same file may be chosen again
    });
    if (belt.lines.length) this.unfold();
    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
      this.zone.addEventListener(name, (event) => this.dragged(event));
    }
  }

  update({ data, setTriggerValue }) {
    this.data = data;
    this.report = (file) => setTriggerValue("uploaded", file);
    belt.report = this.report;
    const limit = `Any phone or camera video, up to ${size(data.max_bytes)} each`;
    this.root.querySelector("small").textContent = [data.told, limit].filter(Boolean).join(". ");
  }

  /** Where the page has folded the zone away, what waits or has failed would be out of sight. */
  unfold() {
    const fold = this.root.getRootNode().host?.closest("details");
    if (fold && !fold.open) fold.querySelector("summary").click();
  }

  dragged(event) {
    event.preventDefault();
    this.zone.classList.toggle("over", event.type === "dragenter" || event.type === "dragover");
    if (event.type === "drop") this.add([...event.dataTransfer.files]);
  }

  add(files) {
    const lines = files.map((file) => new Line(file, this.data)); // with what was told when they were dropped
    this.list.append(...lines.map(({ item }) => item));
    belt.add(lines);
  }

  destroy() {
    if (belt.report === this.report) belt.report = () => {};
  }
}

const uploaders = new WeakMap();

export default function mount({ parentElement, ...news }) {
  const root = parentElement.querySelector(".uploader");
  if (!uploaders.has(root)) uploaders.set(root, new Uploader(root));
  const uploader = uploaders.get(root);
  uploader.update(news);
  return () => {
    uploader.destroy();
    uploaders.delete(root);
  };
}
