/** What is shown goes in, comes out again, and what becomes of the figures by it. */

import { get, send } from "../api.js";

const TRIES = 40;
const WAIT_MS = 1500;

/** Bring in what is shown; figures of coverage are asked before and after. */
export async function confirm(model) {
  const { preview, upload } = model;
  model.show({ busy: { what: "store", since: Date.now() }, problem: null });
  try {
    const before = await figures(model);
    const made = await send("POST", `${model.path}/imports/${upload.upload}/confirm`);
    model.address(null);
    model.show({ view: "done", busy: null, upload: null, preview: null, chosen: null, done: { ...made, file: preview.file, kind: preview.kind, before, after: null } });
    model.tell("seen");
    past(model);
    await effect(model);
  } catch (problem) {
    if (problem.key === "import_stale") await model.reload(upload.upload);
    past(model); // where the answer was lost it may be in all the same
    model.failed(problem);
  }
}

/** Take an import back as a whole. */
export async function undo(model, id) {
  await send("POST", `${model.path}/imports/${id}/undo`);
  if (model.done?.id === id) model.back();
  model.tell("undone");
  past(model);
}

/** What was brought in before, the last first. */
export async function past(model) {
  try {
    model.show({ imports: (await get(`${model.path}/imports`)).imports });
  } catch (problem) {
    model.failed(problem);
  }
}

/** What has come of it; while the figures are worked out the server asks for patience. */
async function effect(model) {
  const { done } = model;
  for (let i = 0; i < TRIES && model.done === done; i++) {
    const after = await figures(model);
    if (after !== null && model.done === done) return model.show({ done: { ...done, after } });
    await new Promise((next) => { setTimeout(next, WAIT_MS); });
  }
  return undefined;
}

/** The figures of coverage; null: not yet, false: there are none. */
async function figures(model) {
  try {
    return await get(`${model.path}/coverage`, { by: "district" });
  } catch (problem) {
    return problem.status === 503 || problem.key === "meanwhile" ? null : false;
  }
}
