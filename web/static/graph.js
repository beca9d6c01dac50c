// Graphs by Cytoscape.js in the colours of the page: query results and neighbourhoods. The library is loaded on demand.
"use strict";

(() => {
  let fetching = null;
  const library = (source) => fetching ||= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => done(globalThis.cytoscape);
    script.onerror = failed;
    document.head.append(script);
  });
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const style = (several) => [
    { selector: "node", style: {
      label: "data(label)", "background-color": colour("--brass-line"), color: colour("--ink"), width: 14, height: 14, "font-size": 11,
      "text-wrap": "wrap", "text-max-width": 130, "text-valign": "bottom", "text-margin-y": 4, "font-family": getComputedStyle(document.body).fontFamily,
      "text-background-color": colour("--surface"), "text-background-opacity": 0.8,
    } },
    { selector: "node[kind = 'text']", style: { shape: "rectangle", "background-color": colour("--rule-strong"), width: 8, height: 8, color: colour("--ink-soft") } },
    { selector: "node[side]", style: { "text-valign": "center", "text-margin-y": 0, "text-wrap": "none", width: 9, height: 9, "font-size": 13 } },
    { selector: "node[side = 'right']", style: { "text-halign": "right", "text-margin-x": 5 } },
    { selector: "node[side = 'left']", style: { "text-halign": "left", "text-margin-x": -5 } },
    { selector: "node[side = 'centre']", style: { "text-valign": "bottom", "text-margin-y": 6 } },
    { selector: "node[kind = 'centre']", style: { width: 18, height: 18, "background-color": colour("--brass"), "font-weight": 600 } },
    { selector: "node[kind = 'relation']", style: { "background-color": colour("--rule-strong"), width: 5, height: 5, color: colour("--ink-soft"), "font-size": 12 } },
    { selector: "node[kind = 'more']", style: { "background-color": colour("--surface"), "border-width": 1, "border-color": colour("--rule-strong"), color: colour("--link") } },
    { selector: "node[?opened]", style: { "background-color": colour("--brass"), "font-weight": 600 } },
    { selector: "edge", style: {
      label: several ? "data(label)" : "", width: 1.2, "line-color": colour("--rule-strong"), "target-arrow-color": colour("--rule-strong"), "target-arrow-shape": "triangle",
      "curve-style": "bezier", "font-size": 9, color: colour("--ink-soft"), "text-rotation": "autorotate",
      "text-background-color": colour("--surface"), "text-background-opacity": 0.85,
    } },
    { selector: "edge.placed", style: { "target-arrow-shape": "none", "curve-style": "straight" } },
  ];
  // Wide screens show both sides; small ones place everything below the resource.
  const placed = (data, wide) => (wide ? { x: data.x, y: data.y } : { x: data.narrow[0], y: data.narrow[1] });
  const elements = (found, given) => [
    ...found.nodes.map((data) => ({ data, ...(given ? { position: given(data) } : {}) })),
    ...found.edges.map((data) => ({ data, classes: given ? "placed" : "" })),
  ];

  const spread = (graph) => {
    // A force layout is square; the canvas is not.
    const { w, h } = graph.elements().boundingBox();
    const wider = Math.min(Math.max((graph.width() / graph.height()) * (h / w), 1), 2.2);
    graph.nodes().positions((node) => ({ x: node.position("x") * wider, y: node.position("y") }));
    // Constant label size: zooming in separates labels.
    graph.on("zoom", () => {
      graph.nodes().style({ "font-size": 12 / graph.zoom(), "text-max-width": 140 / graph.zoom(), width: 12 / graph.zoom(), height: 12 / graph.zoom() });
      graph.edges().style({ "font-size": 10 / graph.zoom(), width: 1.2 / graph.zoom(), "arrow-scale": 0.8 / graph.zoom() });
    });
  };

  // Place the neighbours of a node beyond it, below existing nodes.
  const expand = async (graph, node) => {
    if (node.data("opened")) return;
    node.data("opened", true);
    const answer = await fetch(node.data("expand"));
    if (!answer.ok) return node.data("opened", false);
    const found = await answer.json();
    const turned = node.data("side") === "left" ? -1 : 1;
    const far = Math.max(...graph.nodes().map((one) => turned * one.position("x")).filter((x) => x <= turned * node.position("x") + 60)) + 330;
    const column = graph.nodes().filter((one) => Math.abs(turned * one.position("x") - far) < 200).map((one) => one.position("y"));
    const centre = found.nodes[0];
    const height = Math.max(...found.nodes.map((data) => data.narrow[1]));
    const top = column.length ? Math.max(...column) + 40 : node.position("y") - height / 2;
    const fresh = new Set(found.nodes.slice(1).filter((data) => !graph.getElementById(data.id).length).map((data) => data.id));
    const nodes = found.nodes.filter((data) => fresh.has(data.id));
    const edges = found.edges.filter((data) => ![...graph.edges()].some((edge) => edge.data("source") === data.source && edge.data("target") === data.target));
    for (const data of nodes) data.side = turned < 0 ? "left" : "right";
    graph.add(elements({ nodes, edges }, (data) => ({ x: turned * (far + data.narrow[0] - centre.narrow[0]), y: top + data.narrow[1] })));
    const shown = nodes.reduce((all, data) => all.union(graph.getElementById(data.id)), graph.collection().union(node));
    // Small screens zoom to the new nodes at a readable size; others show both ends.
    const { w, h } = shown.boundingBox();
    const small = Math.min(graph.width() / w, graph.height() / h) < 0.6;
    graph.animate({ ...(small ? { center: { eles: shown.difference(node) } } : { fit: { eles: shown, padding: 40 } }), duration: 250 });
    return graph.nodes().length;
  };

  globalThis.drawGraph = async (canvas, source) => {
    const cytoscape = await library(source);
    const found = JSON.parse(canvas.dataset.network);
    const given = found.nodes.some((data) => "side" in data);
    const kinds = new Set(found.edges.map((edge) => edge.label));
    const caption = canvas.parentElement.querySelector("figcaption");
    // A label common to all edges is shown once.
    if (caption && kinds.size === 1 && !kinds.has("")) caption.prepend(`→ ${[...kinds][0]}. `);
    const several = kinds.size > 1;
    const wide = canvas.clientWidth > 700;
    if (given && !wide) for (const data of found.nodes) data.side = "right";
    const graph = cytoscape({
      container: canvas, style: style(several), userZoomingEnabled: false,
      elements: elements(found, given ? (data) => placed(data, wide) : null),
      layout: given ? { name: "preset", fit: false } : {
        name: "cose", animate: false, fit: false, componentSpacing: 20, idealEdgeLength: () => (several ? 90 : 40), nodeRepulsion: () => 2e5,
        nodeOverlap: 20, gravity: 1.2, numIter: 1500,
      },
    });
    if (!given) spread(graph);
    graph.fit(undefined, given ? 12 : 36);
    if (given && graph.zoom() < 0.85) {
      // If labels would be unreadable, zoom to the resource and its neighbours.
      const { x1, w } = graph.elements().boundingBox();
      graph.zoom(Math.min(1, Math.max(graph.width() / (w + 24), 0.8)));
      if (wide) graph.center(graph.getElementById(found.nodes[0].id));
      else graph.pan({ x: 12 - x1 * graph.zoom(), y: 30 });
    }
    const steps = canvas.parentElement.querySelector(".steps:not(.still-steps)");
    const expands = steps.querySelector("[data-expands]");
    expands?.addEventListener("click", () => expands.setAttribute("aria-pressed", String(expands.getAttribute("aria-pressed") !== "true")));
    graph.on("tap", "node", async (event) => {
      const node = event.target;
      if (expands?.getAttribute("aria-pressed") === "true" && node.data("expand")) {
        canvas.dataset.drawn = (await expand(graph, node)) || canvas.dataset.drawn;
      } else if (node.data("address")) location.assign(node.data("address"));
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(style(several)));
    steps.hidden = false;
    for (const button of steps.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => {
        const factor = Number(button.dataset.zoom);
        if (!factor) return graph.fit(undefined, given ? 12 : 36);
        graph.zoom({ level: graph.zoom() * factor, renderedPosition: { x: graph.width() / 2, y: graph.height() / 2 } });
      });
    }
    canvas.dataset.drawn = graph.nodes().length;
    canvas.graph = graph;
  };

  // Toggle between the static and the interactive picture.
  for (const figure of document.querySelectorAll(".neighbourhood")) {
    const [still, canvas, start] = [".still", ".canvas", "[data-move]"].map((one) => figure.querySelector(one));
    const steps = figure.querySelector(".steps:not(.still-steps)");
    if (!start) continue;
    const turn = (moving) => {
      still.hidden = moving;
      start.parentElement.hidden = moving;
      canvas.hidden = !moving;
      steps.hidden = !moving;
    };
    start.parentElement.hidden = false;
    start.addEventListener("click", async () => {
      turn(true);
      if (!canvas.dataset.drawn) await globalThis.drawGraph(canvas, start.dataset.move);
      steps.querySelector("button").focus();
    });
    figure.querySelector("[data-still]").addEventListener("click", () => { turn(false); start.focus(); });
  }
})();
