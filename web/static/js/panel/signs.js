/** The sign of a station in a list: its shape says the kind, its filling whether it is open. */

const SVG = "http://www.w3.org/2000/svg";
const HOUSE = "M7 12.2 12 8l5 4.200V17H7z";
const SHAPES = {
  centre: ["M3.500 3.500h17v17h-17z|M1 1h22v22H1z", `${HOUSE}|M10.500 17v-3h3v3`],
  community: ["M2.500 2.500h19v19h-19z", HOUSE],
  post: ["M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z", "M12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z"],
  shared: ["M12 1 23 12 12 23 1 12z", "M12 8v8|M8 12h8"],
};

/** The sign; state is "open", "shut" (at the asked time), "planned" or "closed". */
export function stationSign(kind, state, size = 24) {
  const [frame, inner] = SHAPES[kind] ?? SHAPES.post;
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({
    viewBox: "0 0 24 24", width: size, height: size, class: `sign sign-${state} sign-${kind}`, "aria-hidden": "true",
  })) svg.setAttribute(key, value);
  frame.split("|").reverse().forEach((d, i) => svg.append(path(d, i ? "frame inner" : "frame")));
  svg.append(path(inner.replaceAll("|", ""), "inside"));
  return svg;
}

function path(d, name) {
  const made = document.createElementNS(SVG, "path");
  made.setAttribute("d", d);
  made.setAttribute("class", name);
  return made;
}
