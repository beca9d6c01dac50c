// SPARQL page: editor with completion, results without reload, cancel, links.
// Everything else, charts included, is rendered by the server; the form works without this script.
"use strict";

(() => {
  const form = document.querySelector("form.ask");
  const box = form.elements.query;
  const outcome = document.querySelector("#outcome");
  const running = form.querySelector(".running");
  const cancel = form.querySelector(".cancel");
  const says = form.dataset;
  const hidden = [...form.querySelectorAll("input[type=hidden]")].filter(({ name }) => name !== "picture" && name !== "by")
    .map(({ name, value }) => [name, value]);
  const LOOKS = ["picture", "by", "sort", "page"];
  const looks = (find) => Object.fromEntries(LOOKS.map((key) => [key, find(key) || ""]));
  let shown = looks((key) => form.elements[key]?.value);
  let asking = null;
  let marked = null;

  // The editor, or the textarea if the library is not installed.

  const editor = globalThis.Yasqe ? edited() : null;
  const text = () => (editor ? editor.getValue() : box.value);
  const write = (query) => (editor ? editor.setValue(query) : (box.value = query));

  function edited() {
    const place = document.createElement("div");
    box.after(place);
    // Disable requests to other sites, local storage and reading of the address.
    const made = new globalThis.Yasqe(place, {
      value: box.value, autocompleters: [], prefixCcApi: null, persistenceId: null, consumeShareLink: null,
      createShareableLink: null, createShortLink: undefined, showQueryButton: false, resizeable: false, lineWrapping: true,
      viewportMargin: Infinity,
    });
    made.setOption("extraKeys", {
      ...made.getOption("extraKeys"), "Ctrl-Enter": () => anew(), "Cmd-Enter": () => anew(), "Ctrl-Space": () => complete(true),
      Tab: false, "Shift-Tab": false,
    });
    const field = made.getInputField();
    field.setAttribute("aria-label", form.querySelector("label[for=query]").textContent);
    box.hidden = true;
    box.removeAttribute("id");
    field.id = "query";
    made.on("inputRead", (_, change) => { if (change.origin === "+input" || change.origin === "*compose") complete(false); });
    made.on("change", unmark);
    // The input is not inside the scrolling element, so that element must be focusable itself.
    const scroller = made.getScrollerElement();
    scroller.setAttribute("role", "group");
    scroller.setAttribute("aria-label", field.getAttribute("aria-label"));
    made.on("update", () => {
      const { height, clientHeight } = made.getScrollInfo();
      scroller.tabIndex = height > clientHeight ? 0 : -1;
    });
    requestAnimationFrame(() => made.refresh());
    return made;
  }

  function unmark() {
    if (marked !== null && editor) editor.removeLineClass(marked, "background", "faulty");
    marked = null;
  }

  // Completion from the vocabulary, and from the site's search for names of resources.

  const known = { prefixes: {}, kinds: {}, words: [] };
  const learning = editor && fetch(says.words).then((answer) => answer.json()).then((found) => Object.assign(known, found));

  function missing(query) {
    const declared = new Set([...query.matchAll(/\bPREFIX\s+([\w-]*):/gi)].map((found) => found[1]));
    const bare = query.replace(/<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#.*$/gm, " ");
    const used = new Set([...bare.matchAll(/(?<![\w:-])([A-Za-z][\w-]*):/g)].map((found) => found[1]));
    return [...used].filter((prefix) => prefix in known.prefixes && !declared.has(prefix));
  }

  async function declare() {
    await learning?.catch(() => {});
    const wanted = missing(text());
    if (editor && wanted.length) editor.addPrefixes(Object.fromEntries(wanted.map((prefix) => [prefix, known.prefixes[prefix]])));
  }

  function suggestions(typed) {
    const wanted = typed.toLowerCase();
    const rank = ([written, , zh, en]) => {
      const key = written.toLowerCase();
      if (key.startsWith(wanted)) return 0;
      if (zh.startsWith(typed) || en.toLowerCase().startsWith(wanted)) return 1;
      if (key.includes(wanted) && !wanted.includes(":")) return 2;
      return zh.includes(typed) || en.toLowerCase().includes(wanted) ? 3 : 9;
    };
    return known.words.map((word) => [rank(word), word]).filter(([at]) => at < 9).sort((one, other) => one[0] - other[0])
      .slice(0, 60).map(([, word]) => word);
  }

  const WAIT = 150; // milliseconds without a key before the server is asked for names
  const reading = document.documentElement.lang === "en" ? ([, , zh, en]) => en || zh : ([, , zh, en]) => zh || en;
  let searching = null;

  async function things(typed, signal) {
    const address = new URL(says.suggest, location.href);
    address.searchParams.set("q", typed);
    try {
      const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
      return answer.ok ? (await answer.json()).suggestions : [];
    } catch {
      return [];
    }
  }

  async function complete(asked) {
    await learning?.catch(() => {});
    searching?.abort();
    const mine = searching = new AbortController();
    const cursor = editor.getCursor();
    const written = editor.getLine(cursor.line);
    const before = written.slice(0, cursor.ch);
    const talking = /^(string|comment)$/.test(editor.getTokenTypeAt(cursor) || "");
    const declaring = /\bPREFIX\s+([\w-]*)$/i.exec(before);
    // After < a name may have any letters and several words; with a colon or slash it is an IRI.
    const naming = /<(\p{L}[^<>"{}|^`\\/:?$]*)$/u.exec(before);
    const typed = (declaring || naming)?.[1] ?? /[\p{L}\p{N}_:-]*$/u.exec(before)[0];
    const inside = !naming && /[?$<"'#\/@]$/.test(before.slice(0, before.length - typed.length));
    const begun = naming || (!inside && /^[\w-]+:|\p{Script=Han}{2}/u.test(typed));
    if (!asked && !declaring && (talking || !begun)) return offer([]);
    const from = { line: cursor.line, ch: cursor.ch - typed.length - (naming ? 1 : 0) };
    const to = { line: cursor.line, ch: cursor.ch + (naming && written[cursor.ch] === ">" ? 1 : 0) };
    if (declaring) {
      const list = Object.entries(known.prefixes).filter(([prefix]) => prefix.startsWith(typed))
        .map(([prefix, base]) => ({ text: `${prefix}: <${base}>`, displayText: `${prefix}: <${base}>` }));
      return offer(list, from, to);
    }
    const words = suggestions(typed).filter(([word]) => !naming || word.startsWith("<"))
      .map((word) => option(word[0], [reading(word), known.kinds[word[1]]]));
    offer(words, from, to);
    if (typed.includes(":") || !/\p{Script=Han}|\p{L}{2}/u.test(typed)) return;
    await new Promise((done) => setTimeout(done, WAIT));
    if (mine !== searching) return;
    const there = new Set(words.map(({ text }) => text));
    const found = (await things(typed, mine.signal)).filter(({ iri }) => !there.has(`<${iri}>`))
      .map(({ iri, name, kind_name, note }) => option(`<${iri}>`, [name, kind_name, note]));
    const named = naming || /\p{Script=Han}/u.test(typed); // and no key of the vocabulary
    if (mine === searching && found.length) offer(named ? [...found, ...words] : [...words, ...found], from, to);
  }

  function option(text, said) {
    const render = (item) => {
      const code = document.createElement("code");
      const name = document.createElement("span");
      code.textContent = text.startsWith("<") ? text.replace(/^<.*\/(?=[^/]+\/[^/]+>$)|>$/g, "") : text;
      name.className = "name";
      name.textContent = said.filter(Boolean).join(" · ");
      item.append(code, name);
    };
    return { text, render, hint: pick };
  }

  function offer(list, from, to) {
    if (!list.length) return editor.state.completionActive?.close();
    const hint = () => ({ list, from, to });
    editor.showHint({ hint, completeSingle: false, closeCharacters: /[()[\]{};>,]/, container: document.body });
  }

  function pick(made, data, chosen) {
    made.replaceRange(chosen.text, data.from, data.to, "complete");
    declare();
  }

  // Run, cancel, show.

  const parameters = (more = {}) => {
    const found = new URLSearchParams(hidden);
    for (const [key, value] of Object.entries({ query: text(), ...shown, ...more })) if (value) found.set(key, value);
    return found;
  };

  // A query too long for the address goes into the fragment, which is not sent to servers.
  const address = () => {
    const base = new URL(form.action);
    const found = parameters();
    if (`${base.pathname}?${found}`.length <= Number(says.longest)) base.search = found;
    else {
      if (found.has("lang")) base.search = `lang=${found.get("lang")}`;
      found.delete("lang");
      base.hash = found;
    }
    return base;
  };

  // Results of a new query start at the first row.
  function anew(how) {
    shown = { ...shown, sort: "", page: "" };
    return run(how);
  }

  async function run({ remember = true, focus = "" } = {}) {
    if (!text().trim()) return;
    await declare();
    asking?.abort();
    const mine = asking = new AbortController();
    const began = performance.now();
    const clock = setInterval(() => { running.textContent = `${says.running} ${((performance.now() - began) / 1000).toFixed(1)} s`; }, 100);
    running.textContent = says.running;
    cancel.hidden = false;
    outcome.setAttribute("aria-busy", "true");
    unmark();
    const to = address();
    try {
      const long = Boolean(to.hash);
      const answer = await fetch(long ? form.action : to, {
        signal: mine.signal, headers: { Accept: "text/html" }, ...(long && { method: "POST", body: parameters({ format: "html" }) }),
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (remember && to.href !== location.href) history.pushState(null, "", to);
      show(page, focus);
      running.textContent = outcome.querySelector("#answer")?.textContent.replace(/\s+/g, " ") || "";
    } catch (error) {
      if (mine !== asking) return;
      running.textContent = error.name === "AbortError" ? says.cancelled : says.failed;
    } finally {
      clearInterval(clock);
      if (mine === asking) {
        cancel.hidden = true;
        outcome.removeAttribute("aria-busy");
      }
    }
  }

  function show(page, focus) {
    const found = page.querySelector("#outcome");
    // Responses that are not a page, such as 429, are shown as text.
    if (found) outcome.replaceChildren(...found.childNodes);
    else {
      const message = document.createElement("section");
      message.className = "messages";
      message.setAttribute("role", "alert");
      message.textContent = (page.querySelector("main") || page.body).textContent.trim() || says.failed;
      outcome.replaceChildren(message);
    }
    const other = page.querySelector("a.switch");
    const here = document.querySelector("a.switch");
    if (other && !location.hash) here.href = other.getAttribute("href");
    here.hash = location.hash;
    arrange();
    if (focus) outcome.querySelector(focus)?.focus();
  }

  function arrange() {
    const fault = outcome.querySelector("#error[data-line]");
    if (fault && editor) {
      marked = editor.addLineClass(Number(fault.dataset.line) - 1, "background", "faulty");
      editor.setCursor({ line: Number(fault.dataset.line) - 1, ch: Number(fault.dataset.column) - 1 });
      editor.focus();
    }
    for (const copy of outcome.querySelectorAll(".copy")) {
      copy.hidden = !navigator.clipboard;
      copy.addEventListener("click", () => navigator.clipboard.writeText(location.href).then(() => { running.textContent = copy.textContent = says.copied; }));
    }
    outcome.dispatchEvent(new Event("pictures", { bubbles: true }));
    for (const canvas of outcome.querySelectorAll("[data-network]")) globalThis.drawGraph(canvas, says.cytoscape);
  }

  // Event handlers.

  form.addEventListener("submit", (event) => { event.preventDefault(); anew({ focus: "#answer" }); });
  box.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) anew(); });
  cancel.addEventListener("click", () => asking?.abort());
  outcome.addEventListener("click", (event) => {
    const to = event.target.closest("[data-again]");
    if (!to || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { picture, by, page } = to.dataset;
    shown = looks((key) => to.dataset[key] === "table" ? "" : to.dataset[key]);
    run({ focus: by ? ".by [aria-current]" : picture ? ".pictures [aria-current]" : page ? "#answer" : "[aria-sort] .sort" });
  });
  const example = form.querySelector("#example");
  form.querySelector(".example").hidden = false;
  example.addEventListener("change", () => {
    if (!example.value) return;
    const link = document.querySelector(`.asked li[value="${example.value}"] a`);
    write(new URL(link.href).searchParams.get("query"));
    shown = looks(() => "");
    example.value = "";
    editor ? editor.focus() : box.focus();
  });

  function open() {
    const found = new URLSearchParams(location.hash.startsWith("#query=") ? location.hash.slice(1) : location.search);
    shown = looks((key) => found.get(key));
    write(found.get("query") || "");
    if (found.get("query")) run({ remember: false });
    else outcome.replaceChildren();
  }

  addEventListener("popstate", open);
  form.querySelector(".keys").hidden = !editor;
  if (location.hash.startsWith("#query=")) open();
  else arrange();
})();
