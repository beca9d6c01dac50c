// Suggestions of names in forms, by the site's search in a datalist. Forms work without this script.
"use strict";

for (const input of document.querySelectorAll("input[data-suggest]")) {
  const WAIT = 150; // milliseconds without a key before the server is asked
  const list = document.createElement("datalist");
  let timer = 0;
  let asking = null;

  list.id = `names-${input.name}`;
  input.after(list);
  input.setAttribute("list", list.id);

  const ask = async () => {
    if (asking) asking.abort();
    const text = input.value.trim();
    if (!text) return list.replaceChildren();
    asking = new AbortController();
    const address = new URL(input.dataset.suggest, location.href);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const found = await answer.json();
      list.replaceChildren(...found.suggestions
        .filter((option) => option.kind === input.dataset.kind)
        .map((option) => {
          const item = document.createElement("option");
          item.value = option.name;
          item.label = option.note ? `${option.name} — ${option.note}` : option.name;
          return item;
        }));
    } catch (error) {
      if (error.name !== "AbortError") list.replaceChildren();
    }
  };

  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
}
