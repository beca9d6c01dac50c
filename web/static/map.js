// Maps that can be zoomed and moved, with the number of an area under a finger, the pointer or the keyboard. Without this
// script a map is whole, its areas are links and its numbers are in the table.
"use strict";

// Pages with several maps name this script several times.
globalThis.movableMaps ||= (words) => {
  const MOST = 8;
  const STEP = 1.6;

  for (const figure of document.querySelectorAll("figure.areas:not([data-moves])")) {
    const svg = figure.querySelector("svg[viewBox][role]");
    if (!svg) continue;
    const whole = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
    let [x, y, width, height] = whole;
    let shown = null;
    figure.dataset.moves = "";
    svg.dataset.whole = whole.join(" ");

    const tip = document.createElement("p");
    tip.className = "tip aside";
    tip.setAttribute("role", "status");

    const within = (value, low, high) => Math.min(Math.max(value, low), high);
    const view = (left, top, wide) => {
      width = within(wide, whole[2] / MOST, whole[2]);
      height = (width / whole[2]) * whole[3];
      x = within(left, whole[0], whole[0] + whole[2] - width);
      y = within(top, whole[1], whole[1] + whole[3] - height);
      svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
      svg.classList.toggle("zoomed", width < whole[2]);
    };
    const zoom = (factor) => {
      const wide = within(width / factor, whole[2] / MOST, whole[2]);
      view(x + (width - wide) / 2, y + (height - (wide / whole[2]) * whole[3]) / 2, wide);
    };

    const title = (area) => area?.querySelector("title")?.textContent || "";
    const tell = (area) => {
      shown = area;
      tip.textContent = title(area);
    };
    const areaAt = (event) => event.target.closest("svg > g");

    svg.addEventListener("pointerover", (event) => { if (event.pointerType === "mouse" && areaAt(event)) tell(areaAt(event)); });
    // Chromium gives a drawing that itself listens for focus a place of its own in the tab order.
    figure.addEventListener("focusin", (event) => {
      const area = areaAt(event);
      if (!area) return;
      tell(area);
      const box = area.getBBox();
      const [middle, centre] = [box.x + box.width / 2, box.y + box.height / 2];
      if (middle < x || middle > x + width || centre < y || centre > y + height) view(middle - width / 2, centre - height / 2, width);
    });
    // A finger first asks what an area is, then follows its link.
    svg.addEventListener("pointerdown", (event) => { if (event.pointerType === "touch") svg.dataset.asked = shown === areaAt(event) ? "" : "first"; });
    svg.addEventListener("click", (event) => {
      const area = areaAt(event);
      if (svg.dataset.dragged || (svg.dataset.asked === "first" && area)) event.preventDefault();
      if (area) tell(area);
      delete svg.dataset.dragged;
      delete svg.dataset.asked;
    }, true);

    let held = null;
    svg.addEventListener("pointerdown", (event) => {
      delete svg.dataset.dragged;
      if (width < whole[2]) held = { at: [event.clientX, event.clientY], from: [x, y], id: event.pointerId };
    });
    svg.addEventListener("pointermove", (event) => {
      if (!held || held.id !== event.pointerId) return;
      const scale = width / svg.getBoundingClientRect().width;
      const [right, down] = [event.clientX - held.at[0], event.clientY - held.at[1]];
      if (Math.hypot(right, down) > 6) {
        svg.dataset.dragged = "yes";
        svg.setPointerCapture(event.pointerId);
      }
      if (svg.dataset.dragged) view(held.from[0] - right * scale, held.from[1] - down * scale, width);
    });
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { held = null; });
    svg.addEventListener("dragstart", (event) => event.preventDefault());

    const line = document.createElement("p");
    line.className = "steps moving";
    for (const [text, label, act] of [
      ["+", words.closer, () => zoom(STEP)],
      ["−", words.further, () => zoom(1 / STEP)],
      [words.whole, "", () => view(...whole)],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      if (label) button.setAttribute("aria-label", label);
      button.addEventListener("click", act);
      line.append(button, " ");
    }
    svg.after(tip, line);
  }
};

movableMaps(document.currentScript.dataset);
