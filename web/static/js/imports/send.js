/** A file on its way to the server: how far it is, and how to stop it. */

import { leave, Problem } from "../api.js";

/**
 * Send a file. `told(share)` hears how much of it is there; a signal stops it.
 * @returns {Promise<object>} what the server answers
 */
export function send(path, file, told, signal) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("X-CSRF-Token", document.querySelector('meta[name="csrf"]')?.content ?? "");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => event.lengthComputable && told(event.loaded / event.total));
    request.addEventListener("load", () => answered(request, done, fail));
    request.addEventListener("error", () => fail(new Problem(0, "", "")));
    request.addEventListener("abort", () => fail(new DOMException("", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function answered(request, done, fail) {
  if (request.status === 401) return leave();
  const said = parsed(request.responseText);
  if (request.status >= 400) return fail(new Problem(request.status, said.title ?? "", said.detail ?? "", said.key ?? "", said.values ?? {}));
  return done(said);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
