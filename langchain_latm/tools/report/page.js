"use strict";
// Filter, order, colours. Everything else works without: the tools are <details> elements.
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);

  const remembered = { // a browser may refuse to keep anything for a file
    get: () => { try { return localStorage.getItem("latm-report-theme"); } catch { return null; } },
    set: (value) => { try { localStorage.setItem("latm-report-theme", value); } catch { /* it holds for this visit */ } },
  };
  const theme = byId("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const nameTheme = () => {
    theme.textContent = isDark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", `${theme.textContent} colours`);
  };
  const before = remembered.get();
  if (before === "dark" || before === "light") root.dataset.theme = before;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remembered.set(root.dataset.theme);
    nameTheme();
  });
  dark.addEventListener("change", nameTheme);
  nameTheme();
  theme.hidden = false;

  const list = byId("list");
  if (!list) return;
  const tools = [...list.children];
  const texts = new Map(tools.map((tool) => [
    tool, [...tool.querySelectorAll("[data-find]")].map((part) => part.textContent).join(" ").toLowerCase(),
  ]));
  const shown = () => tools.filter((tool) => !tool.hidden);

  const filter = byId("filter");
  const open = byId("open");
  const nameOpen = () => { open.textContent = shown().some((tool) => !tool.open) ? "Open all" : "Close all"; };
  const choose = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const tool of tools) tool.hidden = !words.every((word) => texts.get(tool).includes(word));
    const count = shown().length;
    byId("found").textContent = `${count.toLocaleString("en")} of ${tools.length.toLocaleString("en")}`;
    byId("none").hidden = count > 0;
    nameOpen();
  };
  filter.addEventListener("input", choose);
  list.addEventListener("toggle", nameOpen, true);
  open.addEventListener("click", () => {
    const opening = shown().some((tool) => !tool.open);
    for (const tool of shown()) tool.open = opening;
    nameOpen();
  });

  const number = (text) => (text === "" ? -Infinity : Number(text));
  const byName = (one, other) => (one.dataset.name < other.dataset.name ? -1 : 1);
  byId("sort").addEventListener("change", (event) => {
    const key = event.target.value;
    const more = (one, other) => {
      const [a, b] = [number(one.dataset[key]), number(other.dataset[key])];
      return a === b ? byName(one, other) : b - a;
    };
    list.append(...tools.sort(key === "name" ? byName : more));
  });

  const follow = () => { // a link to a tool opens it
    const tool = location.hash.startsWith("#tool-") && byId(decodeURIComponent(location.hash.slice(1)));
    if (!tool) return;
    if (tool.hidden) { filter.value = ""; choose(); }
    tool.open = true;
    tool.scrollIntoView();
    tool.querySelector("summary").focus({ preventScroll: true });
  };
  addEventListener("hashchange", follow);
  choose(); // a browser may have kept what was typed before
  byId("sort").value = "name";
  byId("controls").hidden = false;
  follow();
})();
