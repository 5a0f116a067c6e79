/** Questions to the server: one place for the language, the token and what went wrong. */

/** What the server could not do, in the words of the reader. */
export class Problem extends Error {
  constructor(status, title, detail, key = "", values = {}) {
    super(detail || title);
    this.key = key;
    this.values = values;
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.values = values;
  }
}

/** Ask; parameters that are null are left out. A newer question may end this one by its signal. */
export function get(path, params = {}, signal = undefined) {
  const asked = Object.entries(params).filter(([, v]) => v !== null && v !== undefined);
  const query = new URLSearchParams(asked).toString();
  return answer(path + (query && `?${query}`), { signal, headers: { Accept: "application/json" } });
}

/** Change something. */
export function send(method, path, body = undefined, signal = undefined) {
  const token = document.querySelector('meta[name="csrf"]')?.content ?? "";
  const headers = { "X-CSRF-Token": token, Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return answer(path, { method, signal, headers, body: body === undefined ? undefined : JSON.stringify(body) });
}

async function answer(path, options) {
  return read(await reached(path, options));
}

/** What a reply says, or the problem it tells. */
export async function read(reply) {
  if (reply.status === 401) return leave();
  if (reply.status === 204) return null;
  const body = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Problem(reply.status, body.title ?? "", body.detail ?? "", body.key ?? "", body.values ?? {});
  return body;
}

async function reached(path, options) {
  try {
    return await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "", "");
  }
}

/** The session has ended: sign in, and come back to the same place. The page is done until then. */
export function leave() {
  const here = location.pathname + location.search + location.hash;
  isLeaving ||= location.assign(`/login?next=${encodeURIComponent(here)}`) ?? true;
  return new Promise(() => {});
}

let isLeaving = false;
