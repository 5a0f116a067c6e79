/** The texts of the page, in its language. */

let texts = {};

/** Take the texts; the page does it once. */
export function setWords(those) {
  texts = those;
}

/** The text of a key, filled in; an unknown key shows itself, so a page never breaks on a word. */
export function t(key, values = {}) {
  return fill(texts[key] ?? key, values);
}

/** Whether there is such a text. */
export function has(key) {
  return key in texts;
}

/** A text with {name} and {name:,} filled in. */
export function fill(text, values) {
  return text.replace(/\{(\w+)(:,)?\}/g, (whole, name, grouped) => {
    const value = values[name];
    if (value === undefined || value === null) return whole;
    return grouped ? String(value).replace(/\B(?=(\d{3})+$)/g, ",") : String(value);
  });
}

/** The parts of a text in order: plain ones, and {name}s as `{name}`. */
export function parts(key) {
  return (texts[key] ?? key).split(/(\{\w+\})/).filter(Boolean).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name ? { name } : part;
  });
}
