/** The way into mending the map, for who may: a button, a key, the address; loaded when it is needed. */

import { el } from "./dom.js";
import { toast } from "./tell.js";
import { t } from "./words.js";

const SOURCES = { building: "town", gate: "town", way: "ground", barrier: "ground", compound: "ground" };
const isUsual = ({ profile, at, service }) => profile === "standard" && !at && !service; // what an effect is told for
const NONE = { keys: [], ready() {}, back: () => false };
const LETTERS = ["V", "S", "B", "C", "G", "P", "R", "X", "W"];

/** @param {{map: () => object, stations: () => Promise, rise: () => void, lower: () => void}} page */
export function mending(model, page) {
  if (!model.known.edits.length) return NONE;
  const button = el("button.button.mend", { type: "button", "aria-keyshortcuts": "E", title: `${t("edit.open")} E`, on: { click: () => model.go({ edit: true }) } }, t("edit.open"));
  document.querySelector(".stage").append(button);
  const mode = new Mode(model, page, button);
  return {
    keys: [
      { keys: ["E"], label: "edit.keys_open", run: () => mode.toggle() },
      { keys: LETTERS, label: "edit.keys_tools", run: ({ key }) => mode.mend?.model.state.edit && mode.mend.pointing.tool(key) },
    ],
    ready: () => mode.begin(),
    back: () => mode.mend?.back() ?? false,
  };
}

class Mode {
  constructor(model, page, button) {
    Object.assign(this, { model, page, button, mend: null, isOn: false });
  }

  toggle() {
    if (!this.page.map()) return false;
    return this.model.go({ edit: !this.model.state.edit });
  }

  begin() {
    this.model.addEventListener("change", ({ detail }) => this.follow(detail.before));
    this.follow(this.model.state);
  }

  async follow(before) {
    const { edit, sel } = this.model.state;
    if (edit !== this.isOn) await this.turn(edit);
    else if (edit && before.sel !== sel) this.mend?.follow();
  }

  async turn(isOn) {
    this.isOn = isOn;
    this.button.hidden = isOn;
    if (!isOn) return this.mend?.leave();
    if (!this.page.map()) return toast(t("map.none"));
    if (!this.mend) {
      const { Mend } = await import("./edit/mend.js");
      this.mend ??= new Mend({ model: this.model, map: this.page.map(), renew: (...what) => this.renew(...what), rise: this.page.rise, lower: this.page.lower });
    }
    if (this.isOn) this.mend.enter();
    return undefined;
  }

  /** Figures, colours, stations and tiles after an edit of these kinds, all at once. */
  async renew(kinds, effect) {
    const map = this.page.map();
    if (isUsual(this.model.state)) map.patch(effect.buildings);
    const sources = [...new Set(kinds.map((kind) => SOURCES[kind]).filter(Boolean))];
    const work = [this.model.load(), map.minutes(), map.view.renew(sources)];
    if (kinds.includes("station")) work.push(this.page.stations());
    await Promise.all(work.map((one) => Promise.resolve(one).catch((problem) => this.model.show({ problem }))));
  }
}
