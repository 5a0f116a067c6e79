/** What lies on the map for the answer: the grids one may stand in, the way, where one is. */

const still = { interactive: false };

export class Marks {
  constructor(map) {
    map.createPane("field").style.zIndex = 450; // over the ground, under signs
    this.layer = L.layerGroup().addTo(map);
    this.renderer = L.svg({ pane: "field", padding: 0.5 }).addTo(map);
  }

  draw({ place, answer }, station) {
    this.layer.clearLayers();
    for (const grid of answer?.grids ?? []) this.grid(grid);
    if (station) this.way(station);
    if (place) this.here(place);
  }

  add(layer) {
    this.layer.addLayer(layer);
  }

  grid({ name, outline }) {
    const style = { ...still, renderer: this.renderer, className: "mark-grid" };
    const shape = L.geoJSON(outline, { style, interactive: false });
    this.add(shape);
    const text = Object.assign(document.createElement("b"), { className: "mark-name", textContent: name });
    const icon = L.divIcon({ html: text, className: "mark-at", iconSize: [0, 0] });
    this.add(L.marker(shape.getBounds().getCenter(), { ...still, keyboard: false, icon }));
  }

  /** Solid ink on white: this is the answer. */
  way({ path }) {
    const line = path.coordinates.map(([lon, lat]) => [lat, lon]);
    for (const className of ["mark-way under", "mark-way"]) this.add(L.polyline(line, { ...still, renderer: this.renderer, className, smoothFactor: 0.5 }));
  }

  /** Where one is, with its error; a point of the map has none. */
  here({ kind, point: [lon, lat], accuracy }) {
    const shared = { ...still, renderer: this.renderer };
    if (accuracy) this.add(L.circle([lat, lon], { ...shared, radius: accuracy, className: "mark-error" }));
    this.add(L.circleMarker([lat, lon], { ...shared, radius: 9, className: `mark-here ${kind}` }));
  }
}
