/**
 * Figures of areas: added up from the lowest areas, in classes of minutes, as a tree. No browser.
 *
 * @typedef {{buildings: number, households: number, people: number}} Counts
 * @typedef {Counts & {unconnected: Counts, estimated: Counts,
 *   bands: (Counts & {minutes: number})[]}} Figures
 * @typedef {{code: string, name: string, level: string, parent: ?string}} Area
 */

const COUNTS = ["buildings", "households", "people"];

/** The areas by code, and the codes below each one, in the order given. */
export function tree(areas) {
  const byCode = new Map(areas.map((area) => [area.code, area]));
  const below = new Map(areas.map((area) => [area.code, []]));
  for (const area of areas) below.get(area.parent)?.push(area.code);
  return { byCode, below };
}

/** The codes from an area up to the district, itself first. */
export function upward(byCode, code) {
  const found = [];
  for (let area = byCode.get(code); area; area = byCode.get(area.parent)) found.push(area.code);
  return found;
}

/** Whether an area is one of these or lies below one of them. */
export function isWithin(byCode, code, those) {
  return upward(byCode, code).some((above) => those.includes(above));
}

/** Of these areas, those that lie below no other of them. */
export function roots(byCode, codes) {
  const known = codes.filter((code) => byCode.has(code));
  return known.filter((code) => !upward(byCode, code).slice(1).some((above) => known.includes(above)));
}

/** Figures of every area: each row counts for its own area and for all above it. */
export function totals(byCode, rows) {
  const sums = new Map();
  for (const row of rows) {
    const own = row.code === "unassigned" ? row.parent : row.code;
    for (const code of upward(byCode, own)) {
      if (!sums.has(code)) sums.set(code, none(row.bands));
      add(sums.get(code), row);
    }
  }
  return sums;
}

/** The sum over areas that do not overlap. */
export function together(sums, codes) {
  const found = codes.map((code) => sums.get(code)).filter(Boolean);
  const sum = none(found[0]?.bands ?? []);
  found.forEach((one) => add(sum, one));
  return sum;
}

/** What lies within so many minutes. */
export function within(figures, minutes) {
  return figures.bands.find((band) => band.minutes === minutes) ?? { ...counts(), minutes };
}

/**
 * The classes of minutes, nearest first, then over all bands, then unconnected; their households
 * add up to all there are. The tone turns from teal to ochre at the limit.
 */
export function classes(figures, limit) {
  const found = figures.bands.map((band, i) => ({
    kind: "band", low: i ? figures.bands[i - 1].minutes : 0, high: band.minutes,
    households: band.households - (i ? figures.bands[i - 1].households : 0),
    tone: tone(i, band.minutes, limit), isServed: band.minutes <= limit,
  }));
  const reached = figures.bands.at(-1)?.households ?? 0;
  const away = figures.unconnected.households;
  const last = figures.bands.at(-1)?.minutes ?? 0;
  const over = figures.households - reached - away;
  found.push({ kind: "over", low: last, households: over, tone: "m5", isServed: false });
  found.push({ kind: "unconnected", households: away, tone: "hatch", isServed: false });
  return found;
}

/** Codes in order: by code, or with the most households out of reach first. */
export function ordered(codes, sums, minutes, order) {
  const sorted = [...codes].sort();
  if (order === "code") return sorted;
  const missed = new Map(codes.map((code) => [code, missing(sums.get(code), minutes)]));
  return sorted.sort((a, b) => missed.get(b) - missed.get(a));
}

/** The households out of reach. */
export function missing(figures, minutes) {
  return figures ? figures.households - within(figures, minutes).households : 0;
}

function tone(i, minutes, limit) {
  return minutes <= limit ? `m${Math.min(i, 2) + 1}` : "m4";
}

function counts() {
  return { buildings: 0, households: 0, people: 0 };
}

function none(bands) {
  return {
    ...counts(), unconnected: counts(), estimated: counts(),
    bands: bands.map(({ minutes }) => ({ minutes, ...counts() })),
  };
}

function add(sum, row) {
  const pairs = [[sum, row], [sum.unconnected, row.unconnected], [sum.estimated, row.estimated]];
  sum.bands.forEach((band, i) => pairs.push([band, row.bands[i]]));
  for (const [into, from] of pairs) for (const name of COUNTS) into[name] += from[name];
}
