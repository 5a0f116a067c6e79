/** What is under the hand: somebody's walk while he is pointed at, his card while it is dragged. */

import { el } from "../dom.js";
import { count } from "../format.js";
import { toast } from "../tell.js";
import { t } from "../words.js";
import { ALONE } from "./deeds.js";
import { verdict } from "./load.js";

const LIFT = 6;
const WAIT_MS = 120;
const BESIDE = 34;

export class Hand {
  /** @param model @param deeds @param map tells the map, null while there is none */
  constructor(model, deeds, map) {
    Object.assign(this, { model, deeds, map, shown: null, held: null });
    model.addEventListener("change", ({ detail }) => {
      if (JSON.stringify(detail.before?.sel) !== JSON.stringify(model.state.sel)) this.leave();
    });
  }

  /** Show somebody's walk and disc. */
  show(one) {
    if (this.shown === one.id || this.held) return;
    this.shown = one.id;
    document.querySelectorAll(".card").forEach((node) => node.classList.toggle("chosen", node.dataset.id === String(one.id)));
    this.map()?.person(one);
    clearTimeout(this.timer);
    if (one.kind === "member" && one.minutes) this.timer = setTimeout(() => this.walk(one), WAIT_MS);
    else this.map()?.walk(null, one);
  }

  async walk(one) {
    try {
      const { path } = await this.model.walk(this.model.state.sel, one.id);
      if (this.shown === one.id) this.map()?.walk(path, one);
    } catch {
      if (this.shown === one.id) this.map()?.walk(null, one);
    }
  }

  leave() {
    this.shown = null;
    clearTimeout(this.timer);
    this.map()?.walk(null, null);
  }

  /** Let a card be taken up by mouse, pen or finger. */
  take(node, one) {
    node.addEventListener("pointerdown", (event) => {
      const isGrip = Boolean(event.target.closest(".grip"));
      if (event.button !== 0 || event.target.closest("button, input, form") || (event.pointerType === "touch" && !isGrip)) return;
      if (this.model.state.sel?.kind !== "grid") return;
      this.begin(event, one);
    });
  }

  begin(event, one) {
    const start = { x: event.clientX, y: event.clientY };
    const stop = new AbortController();
    const on = (name, run) => addEventListener(name, run, { signal: stop.signal });
    on("pointermove", (move) => {
      if (!this.held && Math.hypot(move.clientX - start.x, move.clientY - start.y) < LIFT) return;
      if (!this.held) this.lift(one, stop);
      move.preventDefault();
      this.move(move);
    });
    on("pointerup", (up) => {
      stop.abort();
      if (this.held) this.release(up);
    });
    on("pointercancel", () => { stop.abort(); this.drop(); });
  }

  lift(one, stop) {
    const card = el("div.held-card", {}, el("b", {}, one.name), el("span.note", {}, one.why));
    const bubble = el("div.bubble", { hidden: true });
    document.body.append(card, bubble);
    document.body.classList.add("dragging");
    getSelection()?.removeAllRanges();
    this.held = { one, card, bubble, stop, code: null };
  }

  move({ clientX, clientY }) {
    const { one, card, bubble } = this.held;
    card.style.transform = `translate(${clientX}px, ${clientY}px)`;
    const code = this.map()?.gridAt(clientX, clientY) ?? null;
    const flips = clientX > innerWidth - 320;
    bubble.style.transform = `translate(${flips ? clientX - BESIDE : clientX + BESIDE}px, ${clientY + BESIDE}px)${flips ? " translateX(-100%)" : ""}`;
    if (code === this.held.code) return;
    this.held.code = code;
    this.map()?.over(code);
    bubble.hidden = !code;
    if (code) bubble.replaceChildren(...this.effect(one, code));
  }

  /** What letting go here would do: the net effect, then its parts. */
  effect(one, code) {
    const { model } = this;
    const grid = model.grid(code);
    const after = one.load_before + (grid?.households ?? 0);
    const state = verdict(after, one.limit);
    const role = t(`role.${model.sought}`);
    const parts = [t("assign.load", { before: count(one.load_before), after: count(after) })];
    if (one.limit) parts.push(t(`assign.load_${state}`, { low: one.limit.low, high: one.limit.high }));
    const before = ALONE.includes(model.sought) && grid?.held ? grid.holder : null;
    const head = before ? t("assign.let_go_after", { grid: grid.name, role, before }) : t("assign.let_go", { grid: grid?.name ?? code, role });
    return [el("b", {}, head), el(`span.${state}`, {}, parts.join(" · "))];
  }

  async release() {
    const { one, code } = this.held;
    this.drop();
    if (!code) return;
    const { model, deeds } = this;
    const sel = { kind: "grid", key: code };
    try {
      if (model.state.sel?.key !== code) await this.open(sel);
      await deeds.place(sel, one);
    } catch (problem) {
      toast(problem.detail || t("trouble.ours"));
      model.renew();
    }
  }

  /** Go to another grid and wait until it is known who serves it. */
  async open(sel) {
    this.model.go({ sel });
    await this.model.load();
  }

  /** Put back what is held; tells whether anything was. */
  drop() {
    if (!this.held) return false;
    this.held.stop.abort();
    this.held.card.remove();
    this.held.bubble.remove();
    this.held = null;
    document.body.classList.remove("dragging");
    this.map()?.over(null);
    return true;
  }
}
