/** Tiles drawn on canvas by Leaflet, by the same style: for browsers that lack WebGL. */

import { leave } from "../api.js";
import { evaluate } from "./expression.js";
import { decodeTile } from "./mvt.js";

const SIZE = 512;

/** Draw one style layer of a tile. @param {CanvasRenderingContext2D} c */
export function paint(c, layer, features, scale, scopeOf, pattern) {
  for (const feature of features) {
    const scope = scopeOf(feature);
    if (layer.filter && !evaluate(layer.filter, scope)) continue;
    const of = (name, other) => evaluate(layer.paint[name] ?? other, scope);
    c.globalAlpha = of(`${layer.type}-opacity`, 1);
    if (!c.globalAlpha) continue;
    trace(c, feature, scale, layer.type === "circle" ? of("circle-radius", 2) : 0);
    if (layer.type === "line") stroke(c, layer, of("line-color"), of("line-width", 1), of("line-dasharray", []));
    else {
      c.fillStyle = layer.paint["fill-pattern"] ? pattern : of(`${layer.type}-color`);
      c.fill("evenodd");
      if (layer.type === "circle") stroke(c, layer, of("circle-stroke-color"), of("circle-stroke-width", 0), []);
    }
  }
  c.globalAlpha = 1;
}

function stroke(c, layer, colour, width, dashes) {
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.lineCap = layer.layout?.["line-cap"] ?? "butt";
  c.lineJoin = layer.layout?.["line-join"] ?? "miter";
  c.setLineDash(dashes.map((n) => n * width));
  if (width) c.stroke();
}

function trace(c, { type, lines }, scale, radius) {
  c.beginPath();
  for (const line of lines) {
    if (type === 1) for (const [x, y] of line) c.arc(x * scale, y * scale, radius, 0, 7);
    else line.forEach(([x, y], i) => (i ? c.lineTo(x * scale, y * scale) : c.moveTo(x * scale, y * scale)));
  }
}

/** Sorted by the style's own key, so that wide roads lie on narrow ones. */
function sorted(layer, features, scopeOf) {
  const key = layer.layout?.["line-sort-key"];
  if (!key) return features;
  const keyed = features.map((feature) => [evaluate(key, scopeOf(feature)), feature]);
  return keyed.sort((a, b) => a[0] - b[0]).map(([, feature]) => feature);
}

export function tileLayer(ground) {
  const Tiles = L.GridLayer.extend({
    createTile(coords, done) {
      const canvas = L.DomUtil.create("canvas", "leaflet-tile");
      const ratio = Math.min(2, window.devicePixelRatio);
      canvas.width = canvas.height = SIZE * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      canvas.place = { z: coords.z - 1, x: coords.x, y: coords.y };
      ground.load(canvas.place).then(() => this.draw(canvas)).then(() => done(null, canvas), (error) => done(error, canvas));
      return canvas;
    },

    draw(canvas) {
      const c = canvas.getContext("2d");
      const zoom = canvas.place.z;
      c.fillStyle = ground.land;
      c.fillRect(0, 0, SIZE, SIZE);
      for (const layer of ground.tileLayers(zoom)) {
        const found = ground.tile(layer.source, canvas.place)?.get(layer["source-layer"]);
        if (!found) continue;
        const scopeOf = ({ id, properties }) => ({ zoom, properties, state: ground.stateOf(layer.source, id) });
        paint(c, layer, sorted(layer, found.features, scopeOf), SIZE / found.extent, scopeOf, ground.pattern(c));
      }
    },

    reload() {
      const those = Object.values(this._tiles).map(({ el }) => el).filter((el) => el.place);
      return Promise.all(those.map((el) => ground.load(el.place).then(() => this.draw(el))));
    },

    repaint() {
      for (const { el } of Object.values(this._tiles)) if (el.place) this.draw(el);
    },
  });
  return new Tiles({ tileSize: SIZE, maxNativeZoom: 17, maxZoom: 19, minZoom: 1, updateWhenZooming: false });
}

/** @param {string} address @returns {Promise<ReturnType<typeof decodeTile>>} */
export async function fetchTile(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (answer.status === 401) return leave();
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.status === 204 ? new Map() : decodeTile(await answer.arrayBuffer());
}
