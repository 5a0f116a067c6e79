/** The expressions that our style is written in, worked out: pure. For browsers that lack WebGL. */

const among = (value, list) => (Array.isArray(list) ? list.includes(value) : value === list);

/** Where a value lies between two stops, 0–1. */
function share(base, value, from, to) {
  if (base === 1) return (value - from) / (to - from);
  return (base ** (value - from) - 1) / (base ** (to - from) - 1);
}

function interpolated([, [kind, base], input, ...stops], scope) {
  const at = evaluate(input, scope);
  const last = stops.length - 2;
  const next = stops.findIndex((stop, i) => i % 2 === 0 && stop > at);
  if (next === 0) return evaluate(stops[1], scope);
  if (next < 0) return evaluate(stops[last + 1], scope);
  const [a, b] = [evaluate(stops[next - 1], scope), evaluate(stops[next + 1], scope)];
  return a + (b - a) * share(kind === "linear" ? 1 : base, at, stops[next - 2], stops[next]);
}

function cases(pairs, other, test, scope) {
  for (let i = 0; i + 1 < pairs.length; i += 2) if (test(pairs[i])) return evaluate(pairs[i + 1], scope);
  return evaluate(other, scope);
}

/** @type {Record<string, (e: any[], scope: Scope) => any>} */
const OPERATORS = {
  get: ([, name], { properties }) => properties[name] ?? null,
  "feature-state": ([, name], { state }) => state?.[name] ?? null,
  zoom: (_, { zoom }) => zoom,
  literal: ([, found]) => found,
  "==": ([, a, b], scope) => evaluate(a, scope) === evaluate(b, scope),
  "!=": ([, a, b], scope) => evaluate(a, scope) !== evaluate(b, scope),
  "!": ([, a], scope) => !evaluate(a, scope),
  all: ([, ...parts], scope) => parts.every((part) => evaluate(part, scope)),
  in: ([, a, list], scope) => evaluate(list, scope).includes(evaluate(a, scope)),
  "to-boolean": ([, a], scope) => Boolean(evaluate(a, scope)),
  coalesce: ([, ...parts], scope) => parts.reduce((found, part) => found ?? evaluate(part, scope), null),
  case: ([, ...parts], scope) => cases(parts.slice(0, -1), parts.at(-1), (test) => evaluate(test, scope), scope),
  match: ([, input, ...parts], scope) => {
    const found = evaluate(input, scope);
    return cases(parts.slice(0, -1), parts.at(-1), (label) => among(found, label), scope);
  },
  step: ([, input, first, ...stops], scope) => {
    const at = evaluate(input, scope);
    let found = first;
    for (let i = 0; i < stops.length; i += 2) if (at >= stops[i]) found = stops[i + 1];
    return evaluate(found, scope);
  },
  interpolate: interpolated,
};

/**
 * @typedef {{zoom: number, properties: object, state?: object}} Scope zoom as MapLibre counts it
 * @param {any} e expression or plain value @param {Scope} scope
 */
export function evaluate(e, scope) {
  if (!Array.isArray(e) || typeof e[0] !== "string") return e;
  const operator = OPERATORS[e[0]];
  if (!operator) throw new Error(`no expression ${e[0]}`);
  return operator(e, scope);
}
