/** People as discs with their surname, at a building; never a track. */

/** @param {{id: any, surname: string, name?: string, note?: string, point: number[]}} one */
function disc(one, pick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "map-person";
  element.textContent = one.surname;
  element.title = one.name ?? one.surname;
  element.dataset.id = String(one.id);
  if (one.note) element.append(Object.assign(document.createElement("small"), { textContent: one.note }));
  const marker = L.marker([one.point[1], one.point[0]], {
    icon: L.divIcon({ html: element, className: "map-person-hit", iconSize: [44, 44] }), keyboard: false,
  });
  return marker.on("click", (e) => pick(one, e.latlng));
}

export class People {
  /** @param {L.Map} map @param {(one: object, latLng: object) => void} pick */
  constructor(map, pick) {
    this.layer = L.layerGroup().addTo(map);
    this.pick = pick;
  }

  set(list) {
    this.layer.clearLayers();
    for (const one of list ?? []) disc(one, this.pick).addTo(this.layer);
  }

  choose(id) {
    for (const marker of this.layer.getLayers()) {
      const button = marker.getElement()?.querySelector("button");
      button?.classList.toggle("chosen", button.dataset.id === String(id));
    }
  }
}
