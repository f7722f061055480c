// Starts the islands of a page: Python in the reader's browser, after a click only.
(() => {
  const LIMIT = 120_000; // milliseconds until a start counts as failed
  const AGAIN = "islands-start";
  const HOSTS = "cdn.jsdelivr.net, wasm.marimo.app, fonts.googleapis.com, fonts.gstatic.com and the Python package index";
  const templates = [...document.querySelectorAll("template[data-island]")];
  const cards = templates.flatMap((template) =>
    [...document.querySelectorAll(`.snippet[data-snippet="${CSS.escape(template.dataset.island)}"]`)]
      .slice(0, 1)
      .map((card) => ({ card, template })),
  );

  const say = ({ said }, text, failed = false) => {
    said.textContent = text;
    said.toggleAttribute("data-failed", failed);
  };

  const show = (entry, live) => {
    entry.card.querySelector(".snippet-recorded").hidden = live;
    entry.button.hidden = live;
    entry.place.hidden = !live;
  };

  const failed = (entry, why) => {
    entry.place.replaceChildren();
    show(entry, false);
    entry.button.disabled = false;
    say(entry, `Not started: ${why}. What you see is the recorded run.`, true);
  };

  // One Python runs one notebook: marimo gives the cells of each the same ids, and of two
  // on a page none starts. So the next one needs a fresh page.
  // Under instant navigation the policy of the page that was opened first still holds.
  const [opened] = performance.getEntriesByType("navigation");
  const elsewhere = () => new URL(opened.name).pathname !== location.pathname;

  function start(entry) {
    if (window.islandsStarted || elsewhere()) {
      sessionStorage.setItem(AGAIN, key(entry));
      return location.reload();
    }
    window.islandsStarted = true;
    say(entry, `Starting Python in your browser, some 20 MB from ${HOSTS}…`);
    entry.button.disabled = true;
    entry.place.append(entry.template.content.cloneNode(true));
    const started = watch(entry);
    const head = document.querySelector("template[data-islands-head]").content;
    for (const node of head.cloneNode(true).children) {
      const copy = document.createElement(node.tagName); // a cloned script would not run
      for (const { name, value } of node.attributes) copy.setAttribute(name, value);
      if (node.tagName === "SCRIPT")
        copy.onerror = () => started.fail(`${new URL(copy.src).host} can't be reached`);
      document.head.append(copy);
    }
  }

  // Started is when a cell shows something, not when a script has loaded.
  function watch(entry) {
    let over = false;
    const end = (act) => {
      if (over) return;
      over = true;
      observer.disconnect();
      clearTimeout(timer);
      removeEventListener("unhandledrejection", rejected);
      console.error = log;
      act();
    };
    const fail = (why) => end(() => failed(entry, why));
    const rejected = (event) => {
      const text = String(event.reason?.message ?? event.reason);
      if (/pyodide|fetch|import|worker|load/i.test(text)) fail(text.slice(0, 160));
    };
    // marimo only logs that its start failed, and the cells may show all the same: dead ones.
    const log = console.error;
    console.error = (...said) => {
      log.apply(console, said);
      const [text, reason] = said;
      if (/^Failed to (initialize islands|start session)/.test(text)) fail(slow(reason));
    };
    const observer = new MutationObserver(() => {
      const parts = entry.place.querySelectorAll("marimo-cell-output, .output, marimo-ui-element");
      const shown = [...parts].some(
        (e) => e.textContent.trim() || e.querySelector("marimo-ui-element, marimo-slider, img, svg"),
      );
      if (shown)
        end(() => {
          show(entry, true);
          say(entry, "Live: Python runs in this page.");
        });
    });
    observer.observe(entry.place, { childList: true, subtree: true, characterData: true });
    const timer = setTimeout(() => fail("no answer after two minutes"), LIMIT);
    addEventListener("unhandledrejection", rejected);
    return { fail };
  }

  // marimo waits 20 s for Python; the browser may keep what was loaded by then.
  const slow = (reason) => {
    const why = String(reason?.message ?? reason ?? "marimo failed");
    return /timed out/.test(why) ? "Python took longer than marimo waits; try again" : why;
  };

  const key = ({ card }) => `${location.pathname}#${card.dataset.snippet}`;

  for (const entry of cards) {
    const { card } = entry;
    if (card.dataset.island !== undefined) continue;
    card.dataset.island = "";
    const name = card.dataset.snippet;
    entry.button = Object.assign(document.createElement("button"), {
      type: "button",
      textContent: "▶ Run in your browser",
      onclick: () => start(entry),
      title: `Loads Python from ${HOSTS}`,
    });
    entry.button.setAttribute("aria-label", `Run in your browser: ${name}`);
    entry.button.className = "btn btn--first";
    card.querySelector(".btn--first")?.classList.remove("btn--first");
    card.querySelector(".snippet-actions").prepend(entry.button);
    entry.said = Object.assign(document.createElement("p"), { className: "island-said" });
    entry.said.setAttribute("role", "status");
    entry.place = Object.assign(document.createElement("div"), { className: "island-place", hidden: true });
    card.querySelector(".snippet-bar").append(entry.said);
    card.querySelector(".snippet-recorded").before(entry.place);
    if (sessionStorage.getItem(AGAIN) === key(entry)) {
      sessionStorage.removeItem(AGAIN);
      start(entry);
    }
  }
})();
