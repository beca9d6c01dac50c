// Suggestions while typing, as an ARIA combobox. The form works without this script.
"use strict";

document.querySelectorAll("form.search[data-suggest]").forEach((form, box) => {
  const input = form.querySelector("input[name=q]");

  const WAIT = 120; // milliseconds without a key before the server is asked
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let options = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  list.id = `suggestions-${box}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.title);
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  form.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
  })) input.setAttribute(name, value);

  const part = (element, name, text, language) => {
    const found = document.createElement("span");
    found.className = name;
    found.textContent = text;
    if (language) found.lang = language === "zh" ? "zh-Hans" : language;
    element.append(found);
  };

  const close = () => {
    clearTimeout(timer);
    if (asking) asking.abort();
    list.hidden = true;
    options = [];
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (number) => {
    active = number;
    list.childNodes.forEach((item, at) => item.setAttribute("aria-selected", String(at === active)));
    if (active < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.childNodes[active].id);
    list.childNodes[active].scrollIntoView({ block: "nearest" });
  };

  const show = (found) => {
    options = found.filter((option) => option.address);
    list.replaceChildren(...options.map((option, at) => {
      const item = document.createElement("li");
      item.id = `suggestion-${box}-${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      part(item, "name", option.name, option.language);
      part(item, "kind", option.kind_name);
      if (option.note) part(item, "note", option.note);
      // Keep the focus: losing it on mousedown would close the list before the click.
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => location.assign(option.address));
      return item;
    }));
    active = -1;
    list.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    status.textContent = `${form.dataset.title}: ${options.length}`;
  };

  const ask = async () => {
    if (asking) asking.abort();
    const text = input.value.trim();
    if (!text) return close();
    asking = new AbortController();
    const address = new URL(form.dataset.suggest, location.href);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return close();
      const found = await answer.json();
      if (input.value.trim() === found.query && document.activeElement === input) show(found.suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  };

  input.addEventListener("input", (event) => { if (!event.isComposing) soon(); });
  input.addEventListener("compositionend", soon);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = options.length - 1;
    if (event.key === "ArrowDown" && list.hidden) soon();
    else if (event.key === "ArrowDown") choose(active === last ? -1 : active + 1);
    else if (event.key === "ArrowUp" && !list.hidden) choose(active < 0 ? last : active - 1);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && active >= 0) location.assign(options[active].address);
    else return;
    event.preventDefault();
  });
});
