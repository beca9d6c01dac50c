// The graph of an answer, drawn by Cytoscape.js in the colours of the page; the library is fetched when it is needed.
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

  globalThis.drawGraph = async (canvas, source) => {
    const cytoscape = await library(source);
    const found = JSON.parse(canvas.dataset.network);
    const kinds = new Set(found.edges.map((edge) => edge.label));
    const caption = canvas.parentElement.querySelector("figcaption");
    // One name on every edge is noise; it is said once.
    if (kinds.size === 1 && !kinds.has("")) caption.prepend(`→ ${[...kinds][0]}. `);
    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const style = () => [
      { selector: "node", style: {
        label: "data(label)", "background-color": colour("--brass-line"), color: colour("--ink"), width: 14, height: 14, "font-size": 11,
        "text-wrap": "wrap", "text-max-width": 130, "text-valign": "bottom", "text-margin-y": 4, "font-family": getComputedStyle(document.body).fontFamily,
        "text-background-color": colour("--surface"), "text-background-opacity": 0.8,
      } },
      { selector: "node[kind = 'text']", style: { shape: "rectangle", "background-color": colour("--rule-strong"), width: 8, height: 8, color: colour("--ink-soft") } },
      { selector: "edge", style: {
        label: kinds.size > 1 ? "data(label)" : "", width: 1.2, "line-color": colour("--rule-strong"), "target-arrow-color": colour("--rule-strong"), "target-arrow-shape": "triangle",
        "curve-style": "bezier", "font-size": 9, color: colour("--ink-soft"), "text-rotation": "autorotate",
        "text-background-color": colour("--surface"), "text-background-opacity": 0.85,
      } },
    ];
    const graph = cytoscape({
      container: canvas, style: style(), userZoomingEnabled: false,
      elements: [...found.nodes, ...found.edges].map((data) => ({ data })),
      layout: {
        name: "cose", animate: false, fit: false, componentSpacing: 20, idealEdgeLength: () => (kinds.size > 1 ? 90 : 40), nodeRepulsion: () => 2e5,
        nodeOverlap: 20, gravity: 1.2, numIter: 1500,
      },
    });
    // A force layout is as high as it is wide; the canvas is not.
    const { w, h } = graph.elements().boundingBox();
    const wider = Math.min(Math.max((graph.width() / graph.height()) * (h / w), 1), 2.2);
    graph.nodes().positions((node) => ({ x: node.position("x") * wider, y: node.position("y") }));
    // Names keep their size on the screen, so that going closer sets them apart.
    graph.on("zoom", () => {
      graph.nodes().style({ "font-size": 12 / graph.zoom(), "text-max-width": 140 / graph.zoom(), width: 12 / graph.zoom(), height: 12 / graph.zoom() });
      graph.edges().style({ "font-size": 10 / graph.zoom(), width: 1.2 / graph.zoom(), "arrow-scale": 0.8 / graph.zoom() });
    });
    graph.fit(undefined, 36);
    graph.on("tap", "node", (event) => { if (event.target.data("address")) location.assign(event.target.data("address")); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(style()));
    const steps = canvas.parentElement.querySelector(".steps");
    steps.hidden = false;
    for (const button of steps.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => {
        const factor = Number(button.dataset.zoom);
        if (!factor) return graph.fit(undefined, 36);
        graph.zoom({ level: graph.zoom() * factor, renderedPosition: { x: graph.width() / 2, y: graph.height() / 2 } });
      });
    }
    canvas.dataset.drawn = graph.nodes().length;
  };
})();
