/** The style of the map, fetched. */

/**
 * A style from its address or as it is, its tiles at absolute addresses (a worker has no page).
 * @param {string|object} style @param {'light'|'dark'} theme
 */
export async function fetched(style, theme) {
  const address = typeof style === "string" ? new URL(style, location.href) : null;
  address?.searchParams.set("theme", theme);
  const found = address ? await answered(address) : structuredClone(style);
  for (const source of Object.values(found.sources)) {
    if (source.tiles) source.tiles = source.tiles.map((tile) => new URL(tile, location.origin).href.replaceAll("%7B", "{").replaceAll("%7D", "}"));
  }
  return found;
}

async function answered(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${address.pathname}: ${answer.status}`);
  return answer.json();
}
