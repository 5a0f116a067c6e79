/** Mapbox vector tiles, version 2, read without a library: pure. For browsers that lack WebGL. */

class Bytes {
  constructor(bytes, at = 0, end = bytes.length) {
    Object.assign(this, { bytes, at, end });
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Numbers up to 2^53: shifts would cut at 32 bits. */
  varint() {
    let [value, scale, byte] = [0, 1, 0];
    do {
      byte = this.bytes[this.at++];
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte > 127);
    return value;
  }

  part() {
    const length = this.varint();
    this.at += length;
    return new Bytes(this.bytes, this.at - length, this.at);
  }

  text() {
    return new TextDecoder().decode(this.bytes.subarray(this.at, this.end));
  }

  /** Every field of a message. @param {(field: number, read: Bytes) => boolean} take true: it has read it */
  fields(take) {
    while (this.at < this.end) {
      const tag = this.varint();
      if (!take(Math.floor(tag / 8), this)) this.skip(tag & 7);
    }
  }

  skip(wire) {
    if (wire === 0) this.varint();
    else if (wire === 1) this.at += 8;
    else if (wire === 2) this.part();
    else this.at += 4;
  }
}

const zigzag = (n) => (n % 2 ? -(n + 1) / 2 : n / 2);

function value(bytes) {
  let found = null;
  bytes.fields((field, read) => {
    if (field === 1) found = read.part().text();
    else if (field === 2) found = read.view.getFloat32((read.at += 4) - 4, true);
    else if (field === 3) found = read.view.getFloat64((read.at += 8) - 8, true);
    else if (field === 4 || field === 5) found = read.varint();
    else if (field === 6) found = zigzag(read.varint());
    else if (field === 7) found = read.varint() === 1;
    return field <= 7;
  });
  return found;
}

/** Lines of points from commands: MoveTo 1, LineTo 2, ClosePath 7. */
function lines(bytes) {
  const found = [];
  let [x, y] = [0, 0];
  while (bytes.at < bytes.end) {
    const command = bytes.varint();
    const count = Math.floor(command / 8);
    if ((command & 7) === 7) found.at(-1).push([...found.at(-1)[0]]);
    else {
      for (let i = 0; i < count; i++) {
        x += zigzag(bytes.varint());
        y += zigzag(bytes.varint());
        if ((command & 7) === 1) found.push([]);
        found.at(-1).push([x, y]);
      }
    }
  }
  return found;
}

function feature(bytes, keys, values) {
  const found = { id: null, type: 0, properties: {}, lines: [] };
  bytes.fields((field, read) => {
    if (field === 1) found.id = read.varint();
    else if (field === 3) found.type = read.varint();
    else if (field === 4) found.lines = lines(read.part());
    else if (field === 2) {
      for (const tags = read.part(); tags.at < tags.end;) found.properties[keys[tags.varint()]] = values[tags.varint()];
    }
    return field <= 4;
  });
  return found;
}

function layer(bytes) {
  const [keys, values, parts] = [[], [], []];
  const found = { name: "", extent: 4096 };
  bytes.fields((field, read) => {
    if (field === 1) found.name = read.part().text();
    else if (field === 2) parts.push(read.part());
    else if (field === 3) keys.push(read.part().text());
    else if (field === 4) values.push(value(read.part()));
    else if (field === 5) found.extent = read.varint();
    return field <= 5;
  });
  return { ...found, features: parts.map((part) => feature(part, keys, values)) };
}

/**
 * @param {ArrayBuffer} buffer of a tile
 * @returns {Map<string, {extent: number, features: {id: number, type: 0|1|2|3, properties: object, lines: number[][][]}[]}>}
 */
export function decodeTile(buffer) {
  const found = new Map();
  new Bytes(new Uint8Array(buffer)).fields((field, read) => {
    if (field !== 3) return false;
    const one = layer(read.part());
    found.set(one.name, one);
    return true;
  });
  return found;
}
