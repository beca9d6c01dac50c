// Buttons that save a picture as SVG or PNG, and its table as CSV. Without this script nothing is missing but they.
"use strict";

// A block: pages with several pictures name this script several times.
{
  const TITLE = document.currentScript.dataset.title;
  const KEPT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-family", "font-weight", "font-style", "text-anchor", "display"];
  const SCALE = 2;

  function standalone(svg) {
    const copy = svg.cloneNode(true);
    const [x, y, width, height] = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
    const parts = [...copy.querySelectorAll("*")];
    [...svg.querySelectorAll("*")].forEach((element, place) => {
      const style = getComputedStyle(element);
      parts[place].removeAttribute("class");
      for (const name of KEPT) parts[place].setAttribute(name, style.getPropertyValue(name));
    });
    const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const at = { x, y, width, height, fill: getComputedStyle(document.body).backgroundColor };
    for (const [name, value] of Object.entries(at)) ground.setAttribute(name, value);
    copy.prepend(ground);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    for (const link of copy.querySelectorAll("a")) link.setAttribute("href", link.href.baseVal ?? link.href);
    return { text: new XMLSerializer().serializeToString(copy), width, height };
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  function png(svg, name) {
    const { text, width, height } = standalone(svg);
    const image = new Image();
    const source = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = width * SCALE;
      canvas.height = height * SCALE;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(source);
      canvas.toBlob((blob) => save(blob, name));
    };
    image.src = source;
  }

  function csv(table) {
    const cell = (text) => {
      const plain = text.replace(/[\u202f\s]+/g, " ").trim().replace(/(?<=\d) (?=\d{3}\b)/g, "");
      const safe = /^[=+\-@]/.test(plain) ? `'${plain}` : plain;
      return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    };
    const lines = [...table.rows].map((row) => [...row.cells].map((one) => cell(one.textContent)).join(","));
    return `\ufeff${lines.join("\r\n")}\r\n`;
  }

  for (const figure of document.querySelectorAll("figure:not([data-saves])")) {
    const svg = figure.querySelector("svg[viewBox][role]");
    if (!svg) continue;
    figure.dataset.saves = "";
    const table = figure.querySelector("table");
    const stem = `guapai-${location.pathname.split("/").filter(Boolean).pop() || "home"}`;
    const kinds = {
      SVG: () => save(new Blob([standalone(svg).text], { type: "image/svg+xml" }), `${stem}.svg`),
      PNG: () => png(svg, `${stem}.png`),
    };
    if (table) kinds.CSV = () => save(new Blob([csv(table)], { type: "text/csv" }), `${stem}.csv`);
    const line = document.createElement("p");
    line.className = "steps saving";
    for (const [kind, act] of Object.entries(kinds)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = kind;
      button.setAttribute("aria-label", `${TITLE}: ${kind}`);
      button.addEventListener("click", act);
      line.append(button, " ");
    }
    figure.append(line);
  }
}
