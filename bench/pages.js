/** What `bench.pages` runs in the page before all else: notes when things are there. */

window.noted = {};

/** Note when the figures are there, and when the areas have been drawn. */
function note() {
  const map = document.getElementById("map");
  if (document.querySelector("#panel .legend")) window.noted.figures ??= performance.now();
  if (map?.getAttribute("aria-busy") !== "false" || "map" in window.noted) return;
  window.noted.map = null;
  requestAnimationFrame(() => setTimeout(() => { window.noted.map = performance.now(); }));
}

new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });

const view = () => document.querySelector(".map").view;

/** From now on note how long it takes from a press until a way is known, and until it is drawn. */
window.watch = () => {
  const { ground } = view();
  const show = view().showPath.bind(view());
  addEventListener("pointerup", () => { window.pressed = performance.now(); window.took = []; }, true);
  view().showPath = (line, ends) => {
    show(line, ends);
    if (!line || window.took.length) return;
    window.took.push(performance.now() - window.pressed);
    ground.gl.once("render", () => window.took.push(performance.now() - window.pressed));
  };
};

/** Whether the map stands, with all that belongs on it. */
window.isStill = () => view().ground.gl.loaded() && !view().ground.gl.isMoving();

/** Where buildings with many households are seen, clear of panel and edges [px]. */
window.spots = () => {
  const { left, top, width, height } = document.getElementById("map").getBoundingClientRect();
  const seen = new Map();
  for (const { id, geometry, properties } of view().ground.gl.queryRenderedFeatures({ layers: ["building"] })) {
    const ring = geometry.type === "Polygon" ? geometry.coordinates[0] : geometry.coordinates[0][0];
    const mean = (axis) => ring.slice(1).reduce((sum, point) => sum + point[axis], 0) / (ring.length - 1);
    const { x, y } = view().map.latLngToContainerPoint([mean(1), mean(0)]);
    const isClear = x > 420 && x < width - 80 && y > 20 && y < height - 120;
    if (isClear && properties.households > 20) seen.set(id, [left + x, top + y]);
  }
  return [...seen.values()];
};
