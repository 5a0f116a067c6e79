/** Somebody else was faster: both versions side by side and on the map, and one of them is taken. */

import { el, render } from "../dom.js";
import { trouble } from "../tell.js";
import { t, has } from "../words.js";
import { KINDS } from "./kinds.js";
import { Subject } from "./subject.js";

/** Show both versions; mine is sent again on top of theirs, or given up for it. */
export async function conflict(place, problem, work) {
  const { subject, mend } = work;
  const theirs = await latest(mend, subject);
  mend.sketch.outline("theirs", theirs?.geometry ?? null, "theirs");
  const take = () => { mend.sketch.put("theirs", null); work.takeTheirs(theirs); };
  const keep = () => { mend.sketch.put("theirs", null); work.keepMine(theirs); };
  render(place, trouble(problem),
    theirs ? table(subject, Subject.of(theirs), mend) : el("p.note", {}, t("edit.gone_meanwhile")),
    el("div.form-foot", {},
      theirs ? el("button.button.dark", { type: "button", "data-key": "edit:mine", on: { click: keep } }, t("edit.keep_mine")) : null,
      el("button.button", { type: "button", "data-key": "edit:theirs", on: { click: take } }, t("edit.take_theirs"))));
}

async function latest({ things }, { kind, id }) {
  try {
    return await things.one(kind, id);
  } catch (problem) {
    if (problem.status === 404) return null;
    throw problem;
  }
}

/** What I changed and they have otherwise, row by row: its name, theirs, mine; if I changed nothing, what they did. */
function table(mine, theirs, mend) {
  const isMine = (name) => !mine.isChanged || name in mine.changes();
  const fields = KINDS[mine.kind].fields.filter(({ name }) => isMine(name) && name in theirs.values && JSON.stringify(mine.values[name]) !== JSON.stringify(theirs.values[name]));
  const isOther = (mine.isMoved || !mine.isChanged) && JSON.stringify(mine.points) !== JSON.stringify(theirs.points);
  const rows = fields.map((field) => [t(field.label), ...[theirs, mine].map(({ values }) => written(field, values[field.name], mend))]);
  if (isOther) rows.push([t("edit.shape"), t("edit.shape_theirs"), t("edit.shape_mine")]);
  return el("table.both", {}, el("thead", {}, el("tr", {}, el("td"), el("th", { scope: "col" }, t("edit.theirs")), el("th", { scope: "col" }, t("edit.mine")))),
    el("tbody", {}, rows.map(([name, a, b]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, a), el("td", {}, b)))));
}

/** A value as people read it. */
export function written(field, value, { known }) {
  if (value === null || value === undefined || value === "") return t("edit.nothing");
  if (field.type === "yes") return t(value ? "edit.yes" : "edit.no");
  if (field.type === "services") return value.map((code) => known.services.find((one) => one.code === code)?.name ?? code).join(t("hours.comma")) || t("edit.nothing");
  const label = field.options?.find(([option]) => option === value)?.[1];
  return label && has(label) ? t(label) : String(value);
}
