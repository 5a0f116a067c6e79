/** What the page of imports knows and shows; only its methods change it, and its listeners draw. */

import { get, Problem, send as ask } from "../api.js";
import { body, fresh } from "./order.js";
import { send } from "./send.js";

const PAGE = 100;

export class Model extends EventTarget {
  view = "start"; // or "preview", "done"
  upload = null; // {upload, file}
  preview = null;
  outline = null;
  problem = null;
  busy = null; // {what, share?, since, stop?}
  state = null; // which rows are listed
  page = { total: 0, start: 0, rows: [] };
  chosen = null; // a row
  done = null;

  constructor(page) {
    super();
    this.facts = page;
    this.district = page.district;
    this.path = `/api/${page.district.code}`;
    const asked = new URLSearchParams(location.search).get("kind");
    const first = page.kinds.find((one) => one.name === asked) ?? page.kinds[0];
    this.order = fresh(first?.name ?? null);
  }

  get kind() {
    return this.facts.kinds.find((one) => one.name === this.order.kind);
  }

  show(those) {
    Object.assign(this, those);
    this.dispatchEvent(new Event("change"));
  }

  tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Change what is asked for; a file that is there is looked at again. */
  async ask(change, isLooked = true) {
    this.show({ order: { ...this.order, ...change } });
    if (isLooked && this.upload) await this.look();
  }

  /** Another kind: nothing of what was matched by hand holds any more. */
  async choose(kind) {
    await this.ask({ ...fresh(kind, this.order.datum), layer: this.order.layer, encoding: this.order.encoding });
  }

  /** Send a file and look at it; one too large is not even sent. */
  async bring(file) {
    const { most_mb: most } = this.facts;
    if (file.size > most * 1024 * 1024) return this.failed(new Problem(413, "", "", "file_large", { file: file.name, mb: Math.floor(file.size / 1024 / 1024), most }));
    if (!file.size) return this.failed(new Problem(400, "", "", "file_empty", { file: file.name }));
    const stop = new AbortController();
    const since = Date.now();
    const told = (share) => this.show({ busy: { what: share < 1 ? "send" : "keep", file: file.name, share, since, stop } });
    this.drop();
    told(0);
    try {
      const upload = await send(`${this.path}/uploads?file=${encodeURIComponent(file.name)}`, file, told, stop.signal);
      this.show({ busy: null, upload, order: fresh(this.order.kind, this.order.datum) });
      await this.look();
    } catch (problem) {
      this.failed(problem);
    }
  }

  /** Ask what the file would do, as it is understood now; a newer question ends an older one. */
  async look() {
    const kind = this.kind;
    if (kind.placed && !this.order.datum) return this.show({ view: "start", problem: null });
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    this.address(this.upload.upload);
    this.show({ busy: { what: "look", since: Date.now(), stop: asking }, problem: null });
    try {
      const path = `${this.path}/uploads/${this.upload.upload}/preview`;
      this.seen(await ask("POST", path, body(this.order), asking.signal));
    } catch (problem) {
      if (asking === this.asking) await this.refused(problem);
    }
    return undefined;
  }

  /** A preview is here. */
  seen(preview) {
    const { order } = preview;
    this.show({ view: "preview", preview, outline: preview, order, busy: null, problem: null, state: null, chosen: null });
    this.tell("seen");
    this.turn(0);
  }

  /** The file cannot be used like this: show its headings, so that it can be said how. */
  async refused(problem) {
    if (problem.name === "AbortError") return this.show({ busy: null });
    this.show({ view: "preview", preview: null, busy: null, problem, page: { total: 0, start: 0, rows: [] }, chosen: null });
    this.tell("seen");
    if (problem.status >= 500 || problem.key === "no_upload") return undefined;
    const { kind, layer, encoding } = this.order;
    try {
      this.show({ outline: await get(`${this.path}/uploads/${this.upload.upload}/outline`, { kind, layer: layer || null, encoding: encoding || null }) });
    } catch {
      this.show({ outline: null });
    }
    return undefined;
  }

  failed(problem) {
    this.show({ busy: null, problem: problem.name === "AbortError" ? null : problem });
  }

  /** Rows of a state from a place on; or the page that holds a row. */
  async turn(start, row = null) {
    this.turning?.abort();
    const turning = (this.turning = new AbortController());
    const asked = { state: this.state, start, limit: PAGE, row };
    try {
      const page = await get(`${this.path}/uploads/${this.upload.upload}/rows`, asked, turning.signal);
      this.show({ page });
    } catch (problem) {
      if (problem.name !== "AbortError") this.failed(problem);
    }
  }

  filter(state) {
    this.show({ state: this.state === state ? null : state, chosen: null });
    this.tell("filter");
    return this.turn(0);
  }

  /** Choose a row in the list, or one pressed on the map: its page is turned to. */
  async pick(n, isOnMap = false) {
    if (n !== null && !this.page.rows.some((one) => one.n === n)) await this.turn(0, n);
    if (n !== null && !this.page.rows.some((one) => one.n === n) && this.state) {
      this.show({ state: null });
      this.tell("filter");
      await this.turn(0, n);
    }
    this.show({ chosen: this.page.rows.find((one) => one.n === n) ?? null });
    this.tell("chosen", { isOnMap });
  }

  /** Back to the beginning; the file waits on the server for a day. */
  back() {
    this.drop();
    this.waiting();
  }

  /** Leave the file that is shown. */
  drop() {
    this.asking?.abort();
    this.address(null);
    this.show({ view: "start", isMatching: false, upload: null, preview: null, outline: null, problem: null, busy: null, chosen: null, done: null });
    this.tell("seen");
  }

  async discard(token) {
    await ask("DELETE", `${this.path}/uploads/${token}`).catch(() => {});
    if (this.upload?.upload === token) this.drop();
    await this.waiting();
  }

  /** A file that waits, as it was left. */
  async reload(token) {
    try {
      const found = await get(`${this.path}/uploads/${token}`);
      this.show({ upload: found, order: found.order ?? fresh(this.order.kind, this.order.datum) });
      if (found.preview) this.seen(found.preview);
      else if (found.order) await this.look();
    } catch (problem) {
      this.address(null);
      this.failed(problem);
    }
    if (this.upload) this.address(token);
  }

  async waiting() {
    const found = await get(`${this.path}/uploads`).catch(() => ({ uploads: [] }));
    this.show({ uploads: found.uploads });
  }

  address(token) {
    history.replaceState(null, "", location.pathname + (token ? `?upload=${token}` : ""));
  }
}
