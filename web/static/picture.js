// Buttons that save a picture as SVG or PNG, and its table as CSV. Without this script nothing is missing but they.
// A picture is a block with data-saving: "drawn" has an SVG or a graph, "laid-out" is a table or list that is drawn
// again as it stands on the page. data-table names the table where it is not in the block.
"use strict";

// Pages with several pictures name this script several times.
globalThis.savePictures ||= (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const KEPT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-family", "font-weight", "font-style", "text-anchor", "display"];
  const SCALE = 2;
  const EDGE = 12;

  function made(name, attributes, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  }

  // An SVG of the page with its computed style as attributes.
  function styled(svg) {
    const copy = svg.cloneNode(true);
    const parts = [...copy.querySelectorAll("*")];
    [...svg.querySelectorAll("*")].forEach((element, place) => {
      const style = getComputedStyle(element);
      parts[place].removeAttribute("class");
      for (const name of KEPT) parts[place].setAttribute(name, style.getPropertyValue(name));
    });
    copy.removeAttribute("class");
    // Shapes and patterns that stand in another picture of the page.
    for (const one of copy.querySelectorAll("use")) {
      const shape = document.querySelector(one.getAttribute("href")).cloneNode(true);
      for (const name of KEPT) shape.setAttribute(name, one.getAttribute(name));
      one.replaceWith(shape);
    }
    for (const hatched of copy.querySelectorAll("[fill^=url]")) {
      const pattern = hatched.getAttribute("fill").match(/#[\w-]+/)[0];
      if (!copy.querySelector(pattern)) copy.prepend(styled(document.querySelector(pattern)));
    }
    for (const link of copy.querySelectorAll("a")) link.setAttribute("href", link.href.baseVal ?? link.href);
    return copy;
  }

  function standalone(svg) {
    const [x, y, width, height] = (svg.dataset.whole || svg.getAttribute("viewBox")).split(/[ ,]+/).map(Number);
    const copy = styled(svg);
    copy.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    return finished(copy, [x, y, width, height]);
  }

  function finished(svg, [x, y, width, height]) {
    svg.prepend(made("rect", { x, y, width, height, fill: getComputedStyle(document.body).backgroundColor }));
    svg.setAttribute("xmlns", SVG);
    svg.setAttribute("width", width);
    svg.setAttribute("height", height);
    return { text: new XMLSerializer().serializeToString(svg), width, height };
  }

  // The lines of a text node as they stand on the page: their letters and place.
  function lines(node) {
    const range = document.createRange();
    const found = [];
    [...node.data].reduce((at, letter) => {
      range.setStart(node, at);
      range.setEnd(node, at + letter.length);
      const { left, top, height, width } = range.getBoundingClientRect();
      const last = found.at(-1);
      if (last && width && Math.abs(last.top - top) < 2) last.text += letter;
      else if (width) found.push({ text: letter, left, top, height });
      return at + letter.length;
    }, 0);
    return found.filter((line) => line.text.trim());
  }

  // A table or list as an SVG: grounds of cells, texts, small pictures in them.
  function laidOut(block) {
    const content = block.querySelector("table, ul");
    const origin = content.getBoundingClientRect();
    const svg = made("svg", {});
    const put = (element) => svg.append(element);
    for (const element of [content, ...content.querySelectorAll("*")]) {
      const box = element.getBoundingClientRect();
      if (!box.width || !box.height || element.ownerSVGElement) continue;
      const at = { x: box.left - origin.left, y: box.top - origin.top, width: box.width, height: box.height };
      const style = getComputedStyle(element);
      if (element.localName === "svg") {
        const copy = styled(element);
        for (const [key, value] of Object.entries(at)) copy.setAttribute(key, value);
        put(copy);
        continue;
      }
      if (!/^(transparent|rgba\(.*, 0\))$/.test(style.backgroundColor)) put(made("rect", { ...at, fill: style.backgroundColor }));
      for (const node of element.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE) continue;
        const font = { fill: style.color, "font-size": style.fontSize, "font-family": style.fontFamily, "font-weight": style.fontWeight };
        for (const line of lines(node)) put(made("text", { x: line.left - origin.left, y: line.top - origin.top + line.height * 0.78, ...font }, line.text));
      }
    }
    const whole = [-EDGE, -EDGE, origin.width + 2 * EDGE, origin.height + 2 * EDGE];
    svg.setAttribute("viewBox", whole.join(" "));
    return finished(svg, whole);
  }

  // A graph of Cytoscape.js as an SVG: lines, circles, names.
  function network(graph) {
    const svg = made("svg", { "font-family": getComputedStyle(document.body).fontFamily });
    for (const edge of graph.edges()) {
      const [from, to] = [edge.source().position(), edge.target().position()];
      svg.append(made("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke: edge.style("line-color"), "stroke-width": edge.style("width") }));
    }
    const anchors = { left: "end", right: "start", center: "middle" };
    for (const node of graph.nodes()) {
      const { x, y } = node.position();
      const beside = node.style("text-halign");
      const size = parseFloat(node.style("font-size"));
      const aside = { left: -node.width(), right: node.width(), center: 0 }[beside];
      const name = { x: x + aside, y: y + (aside ? size / 3 : node.height() / 2 + size), "text-anchor": anchors[beside], fill: node.style("color"), "font-size": size };
      svg.append(made("circle", { cx: x, cy: y, r: node.width() / 2, fill: node.style("background-color") }), made("text", name, node.data("label") || ""));
    }
    const { x1, y1, w, h } = graph.elements().boundingBox();
    const whole = [x1 - EDGE, y1 - EDGE, w + 2 * EDGE, h + 2 * EDGE];
    svg.setAttribute("viewBox", whole.join(" "));
    return finished(svg, whole);
  }

  function drawing(block) {
    if (block.dataset.saving === "laid-out") return laidOut(block);
    const canvas = block.querySelector("[data-network]:not([hidden])");
    if (canvas?.graph) return network(canvas.graph);
    return standalone([...block.querySelectorAll("svg[viewBox][role]")].find((svg) => svg.getBoundingClientRect().width));
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  function png({ text, width, height }, name) {
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

  function csv(rows) {
    const cell = (text) => {
      const plain = text.replace(/[\u202f\s]+/g, " ").trim().replace(/(?<=\d) (?=\d{3}\b)/g, "");
      const safe = /^[=+\-@]/.test(plain) ? `'${plain}` : plain;
      return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    };
    const written = rows.map((row) => row.map((one) => cell(one.textContent)).join(","));
    return `\ufeff${written.join("\r\n")}\r\n`;
  }

  // The rows of a picture: those of its table, of its list, or what it says of each part.
  function rows(block) {
    const table = block.dataset.table ? document.querySelector(block.dataset.table) : block.querySelector("table");
    if (table) return [...table.rows].map((row) => [...row.cells]);
    if (block.dataset.saving === "laid-out") return [...block.querySelectorAll("ul > li")].map((item) => [...item.querySelectorAll("span")]);
    return [...block.querySelectorAll("svg[viewBox][role] title")].map((title) => [title]);
  }

  return (root, title) => {
    for (const block of root.querySelectorAll("[data-saving]:not([data-saves])")) {
      block.dataset.saves = "";
      const stem = `guapai-${location.pathname.split("/").filter(Boolean).pop() || "home"}`;
      const kinds = {
        SVG: () => save(new Blob([drawing(block).text], { type: "image/svg+xml" }), `${stem}.svg`),
        PNG: () => png(drawing(block), `${stem}.png`),
        CSV: () => save(new Blob([csv(rows(block))], { type: "text/csv" }), `${stem}.csv`),
      };
      const line = document.createElement("p");
      line.className = "steps saving";
      for (const [kind, act] of Object.entries(kinds)) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = kind;
        button.setAttribute("aria-label", `${title}: ${kind}`);
        button.addEventListener("click", act);
        line.append(button, " ");
      }
      block.append(line);
    }
  };
})();

{
  const { title } = document.currentScript.dataset;
  savePictures(document, title);
  // For parts of a page that come later.
  document.addEventListener("pictures", (event) => savePictures(event.target, title));
}
