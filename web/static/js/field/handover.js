/** 带我去: the phone's map apps, each with an address made by the server in the datum it reads. */

import { el, icon } from "../dom.js";
import { t } from "../words.js";

const APPS = ["amap", "baidu", "geo"];

/** The button; the choice opens low, where the thumb is. */
export function handover(station) {
  const menu = el("div.menu.go", { popover: "auto", id: "go", "aria-label": t("field.go_to", { name: station.name }) },
    el("p.menu-head", {}, el("b", {}, station.name), el("span.note", {}, t("field.go_note"))),
    APPS.map((app) => el("a.menu-row", {
      href: station.links[app], target: app === "geo" ? null : "_blank", rel: "noopener noreferrer", "data-app": app,
      on: { click: () => menu.hidePopover() },
    }, icon("go", 20), t(`field.app_${app}`))));
  const button = el("button.button.dark.take", { type: "button", "data-key": "go", popovertarget: "go" }, icon("go", 20), t("field.go"));
  return [button, menu];
}
