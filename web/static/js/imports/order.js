/** What is asked of a file: how it is to be understood. No browser. */

/**
 * @typedef {{kind: string, datum: ?string, layer: ?string, encoding: string, columns: Record<string, string>,
 *   given: Record<string, string>, repair: boolean, trust: boolean}} Order
 */

/** An order of which nothing is known but the kind. @returns {Order} */
export function fresh(kind, datum = null) {
  return { kind, datum, layer: null, encoding: "", columns: {}, given: {}, repair: false, trust: false };
}

/** The body that asks the server for a preview. @param {Order} order */
export function body({ kind, datum, layer, encoding, columns, given, repair, trust }) {
  return { kind, datum: datum ?? "cgcs2000", layer: layer ?? "", encoding, columns: pairs(columns), set: pairs(given), repair, trust };
}

/** Another heading for a field, one value for all its rows, or neither: what stands in its list. */
export function matched(order, name, choice) {
  const { [name]: _column, ...columns } = order.columns;
  const { [name]: _value, ...given } = order.given;
  if (choice.heading !== undefined) return { ...order, given, columns: { ...columns, [name]: choice.heading } };
  if (choice.value !== undefined) return { ...order, columns: { ...columns, [name]: "" }, given: { ...given, [name]: choice.value } };
  return { ...order, columns, given };
}

/** What is chosen for a field: {heading}, {value} or {}. */
export function choice(order, name, recognised) {
  if (name in order.given) return { value: order.given[name] };
  const heading = order.columns[name] ?? recognised[name];
  return heading ? { heading } : {};
}

/** The needed fields that nothing stands for; codes alone may name what is known already. */
export function missing(kind, order, recognised) {
  const has = (name) => { const one = choice(order, name, recognised); return Boolean(one.heading || one.value); };
  return kind.fields.filter(({ name, required }) => required && !has(name) && !(name === "area" && has("within"))).map((one) => one.name);
}

/** What is known of a file by its name: the format, whether its texts have an encoding to choose. */
export function format(file) {
  const suffix = /\.([^.]+)$/.exec(file.toLowerCase())?.[1] ?? "";
  return { suffix, hasEncoding: ["csv", "txt", "zip"].includes(suffix) };
}

function pairs(those) {
  return Object.entries(those).map(([field, value]) => ({ field, value }));
}
