// What a figure does beyond what HTML does: modes and folds open for a link into them, for
// the browser's own search and for print; menus close. Without it, all but that works.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const panelsOf = (runs) => all(":scope > .panel", runs);

  // A panel that is not chosen is still found by the browser's search.
  const choose = (runs, mode) => {
    for (const input of all(":scope > .modes-bar input", runs)) input.checked = input.value === mode;
    for (const panel of panelsOf(runs))
      panel.dataset.mode === mode
        ? panel.removeAttribute("hidden")
        : panel.setAttribute("hidden", "until-found");
  };

  const prepare = () => {
    for (const runs of all(".runs:has(> .modes-bar input:checked)"))
      choose(runs, runs.querySelector(":scope > .modes-bar input:checked").value);
    reveal();
  };

  // A link that points into what is not seen opens it, and all around it.
  const reveal = () => {
    let target;
    try {
      target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {} // no address of ours
    if (!target) return;
    const panel = target.closest(".panel");
    if (panel) choose(panel.parentElement, panel.dataset.mode);
    for (let d = target.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
    if (panel || target.closest("details")) (panel?.closest(".runs") ?? target).scrollIntoView();
  };

  addEventListener("hashchange", reveal);
  document.addEventListener("change", ({ target }) => {
    if (target.matches(".modes input")) choose(target.closest(".runs"), target.value);
  });
  document.addEventListener("beforematch", ({ target }) => {
    if (target.matches(".panel")) choose(target.parentElement, target.dataset.mode);
  });

  // Beside each other, the same mode opens on both sides.
  const wide = matchMedia("(width >= 1000px)");
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (!target.matches?.(".snippet-pair .outcome") || !wide.matches) return;
      for (const twin of all(".outcome", target.closest(".snippet-pair")))
        if (twin.dataset.mode === target.dataset.mode) twin.open = target.open;
    },
    true,
  );

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details.fold:not([open])");
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
  });

  // A press elsewhere closes a menu, and so does Escape, which gives the focus back.
  document.addEventListener("click", ({ target }) => {
    for (const menu of all("details.pop[open]")) if (!menu.contains(target)) menu.open = false;
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    for (const menu of all("details.pop[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // Material's document$ tells of each page that instant navigation brings.
  window.document$ ? window.document$.subscribe(prepare) : prepare();
})();
