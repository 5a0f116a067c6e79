/** Names of parks, compounds and water, each once, gathered from the tiles that are there. */

import { chosenSpots, spots } from "./labels.js";

const LAYERS = ["water", "land", "compound"];
const UNNAMED = ["green", "track", "field"]; // a green bears the name of its compound
const REPEAT = 480; // pixels between two names of one river

export class Names {
  #ground;
  #cache = new Map(); // piece of a tile → spots
  #last = "";


  /** @param {import('./ground.js').Ground} ground */
  constructor(ground) {
    this.#ground = ground;
    ground.gl.on("idle", () => this.#gather());
  }

  #gather() {
    const zoom = Math.floor(this.#ground.gl.getZoom());
    const found = LAYERS.flatMap((layer) => this.#ground.gl
      .querySourceFeatures("ground", { sourceLayer: layer, filter: ["all", ["to-boolean", ["get", "name"]], ["!", ["in", ["coalesce", ["get", "kind"], ""], ["literal", UNNAMED]]]] })
      .map((feature) => ({ layer, feature })));
    const key = `${zoom} ${found.map(({ layer, feature }) => `${layer}${feature.id}`).sort().join()}`;
    if (key === this.#last) return;
    this.#last = key;
    const things = new Map();
    for (const { layer, feature } of found) {
      const id = `${layer}${feature.id}`;
      if (!things.has(id)) things.set(id, { layer, properties: feature.properties, spots: [] });
      things.get(id).spots.push(...this.#spots(id, feature));
    }
    this.#ground.put("names", { type: "FeatureCollection", features: [...things.values()].flatMap((one) => features(one, zoom)) });
  }

  /** Where a name could stand in a piece: worked out once. */
  #spots(id, feature) {
    const { type, coordinates } = feature.geometry;
    const outer = type === "Polygon" ? coordinates[0] : coordinates[0][0];
    const key = `${id} ${outer.length} ${outer[0]} ${outer[outer.length >> 1]}`;
    if (this.#cache.size > 4000) this.#cache.clear();
    if (!this.#cache.has(key)) this.#cache.set(key, spots(feature));
    return this.#cache.get(key);
  }
}

function features({ layer, properties, spots: found }, zoom) {
  const perPixel = 360 / 512 / 2 ** zoom * 0.8;
  const apart = layer === "water" ? REPEAT * perPixel : 180;
  return chosenSpots(found, apart).map((point) => ({
    type: "Feature",
    properties: { layer, kind: properties.kind ?? "", name: properties.name },
    geometry: { type: "Point", coordinates: point },
  }));
}
