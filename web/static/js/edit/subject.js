/** What is being made or changed: its values and corners, as they are and as they were. No browser. */

import { cornersOf, told } from "./drawing.js";
import { KINDS } from "./kinds.js";

export class Subject {
  /** A thing that is on the map. */
  static of(thing) {
    const points = cornersOf(thing.geometry);
    return new Subject({ kind: thing.kind, id: thing.id, version: thing.version, may: thing.may, values: thing.values, points, geometry: thing.geometry });
  }

  /** A thing that has just been drawn. */
  static drawn(tool, points, values = {}) {
    const all = { ...KINDS[tool.kind].values, ...tool.values, ...values };
    return new Subject({ kind: tool.kind, tool: tool.name, id: null, version: null, may: true, values: all, points, geometry: null });
  }

  constructor(facts) {
    Object.assign(this, facts);
    this.values = structuredClone(facts.values);
    this.points = structuredClone(facts.points);
    this.was = { values: structuredClone(facts.values), points: structuredClone(facts.points) };
    this.steps = [];
  }

  get isNew() {
    return this.id === null;
  }

  get shape() {
    return KINDS[this.kind].shape;
  }

  get key() {
    return `${this.kind}:${this.id}`;
  }

  get isMoved() {
    return JSON.stringify(this.points) !== JSON.stringify(this.was.points);
  }

  get isChanged() {
    return this.isNew || this.isMoved || Object.keys(this.changes()).length > 0;
  }

  /** Other corners; the ones before can be had back. */
  reshape(points) {
    this.steps.push(this.points);
    this.points = points;
  }

  /** The corners before the last change of them; tells whether there were some. */
  stepBack() {
    if (!this.steps.length) return false;
    this.points = this.steps.pop();
    return true;
  }

  /** The values that differ from what was read; of something new all that are not empty. */
  changes() {
    const asked = KINDS[this.kind].fields.filter((field) => field.name !== "wall").map((field) => field.name);
    const isOther = (name) => JSON.stringify(this.values[name]) !== JSON.stringify(this.was.values[name]);
    const those = asked.filter((name) => (this.isNew ? this.values[name] !== null : isOther(name)));
    return Object.fromEntries(those.map((name) => [name, this.values[name]]));
  }

  /** What is sent to the interface. */
  body() {
    const shape = this.isNew || this.isMoved ? { [this.shape]: told(this.shape, this.points) } : {};
    const emptied = this.isNew ? [] : Object.entries(this.changes()).filter(([, value]) => value === null).map(([name]) => name);
    return {
      ...(this.isNew ? {} : { version: this.version }), ...shape,
      ...Object.fromEntries(Object.entries(this.changes()).filter(([, value]) => value !== null)),
      ...(emptied.length ? { empty: emptied } : {}),
    };
  }

  /** The same with nothing changed but its corners. */
  onlyShape() {
    return Object.assign(Subject.again(this.kept()), { values: this.was.values });
  }

  /** The corners have been saved: they are the ones that were read. */
  settle(version, points) {
    Object.assign(this, { version, steps: [] });
    this.was.points = points;
  }

  /** What is kept beside the page, and taken up again. */
  kept() {
    const { kind, tool, id, version, may, values, points, geometry, was } = this;
    return { kind, tool, id, version, may, values, points, geometry, was };
  }

  static again(kept) {
    return Object.assign(new Subject(kept), { was: kept.was });
  }
}
