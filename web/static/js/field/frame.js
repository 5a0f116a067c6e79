/** The frame of the map waits in a template; its scripts run one after another once it is wanted. */

export async function frame(template, element) {
  const parts = [...template.content.children];
  for (const part of parts.filter((one) => one.localName !== "script")) {
    (part.localName === "link" || part.localName === "style" ? document.head : element).append(part);
  }
  for (const script of parts.filter((one) => one.localName === "script")) await run(script);
}

/** A script of a template is inert: one made anew is not. */
function run(inert) {
  const script = document.createElement("script");
  script.nonce = inert.getAttribute("nonce") || inert.nonce;
  return new Promise((done, failed) => {
    Object.assign(script, { onload: done, onerror: () => failed(new Error(inert.src)) });
    if (inert.src) script.src = inert.getAttribute("src");
    else script.textContent = inert.textContent;
    document.body.append(script);
    if (!inert.src) done();
  });
}
