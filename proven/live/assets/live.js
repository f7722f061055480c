// Adds "Run live" to the card of each notebook. `mkdocs serve` sends this; a built site does not have it.
(() => {
  const BASE = "/__live__";
  const NOTEBOOKS = new Set(JSON.parse(document.currentScript.dataset.notebooks));
  const MOST = 4000; // pixels; a notebook taller than that scrolls in its frame
  const PULSE = 5000; // milliseconds between two looks at a notebook's state
  const PATIENCE = 300; // ticks; then cells that show nothing are shown

  // What stays open over a reload of the page: card → bench. The tab's own.
  const opened = new Map(JSON.parse(sessionStorage.getItem("live") || "[]"));
  const remember = () => sessionStorage.setItem("live", JSON.stringify([...opened]));
  const place = (card) =>
    `${location.pathname}#${card.dataset.snippet}#${card.dataset.pageIndex ?? ""}`;

  const ask = async (what, body) => {
    let answer;
    try {
      answer = await fetch(`${BASE}/${what}`, { method: "POST", body: JSON.stringify(body) });
    } catch {
      throw new Error("mkdocs serve does not answer");
    }
    const data = await answer.json();
    if (!answer.ok) throw new Error(data.error);
    return data;
  };

  let last = "";
  const likely = (snippet) => {
    if (snippet === last) return;
    last = snippet;
    ask("likely", { snippet }).catch(() => {});
  };

  class Live {
    constructor(card) {
      this.card = card;
      this.recorded = card.querySelector(".snippet-recorded");
      this.name = card.dataset.snippet;
      const actions = card.querySelector(".snippet-actions");
      const menu = actions.querySelector(".pop--menu");
      this.said = actions.querySelector(".snippet-said");
      this.main = this.control("button", "btn btn--first");
      this.main.onclick = () => (this.view ? this.end() : this.start("edit", false));
      actions.querySelector(".snippet-run-here")?.remove();
      actions.prepend(this.main);
      this.other = this.item(menu, "button");
      this.other.onclick = () => this.start(this.view === "run" ? "edit" : "run", false);
      this.reset = this.item(menu, "button", "Start anew", `Start anew from the file: ${this.name}`);
      this.reset.onclick = () => this.start(this.view, true);
      this.run = this.item(menu, "a", "Open in Prefect ↗");
      Object.assign(this.run, { target: "_blank", rel: "noopener" });
      this.run.classList.add("live-run-link");
      menu.addEventListener("click", ({ target }) => {
        if (!target.closest("li")) return;
        menu.open = false;
        menu.querySelector("summary").focus();
      });
      // Who points at it may press it: a server that runs already gets ready.
      for (const sign of ["pointerenter", "focusin"])
        this.main.addEventListener(sign, () => this.frame || likely(this.name));
      this.off();
    }

    control(tag, classes) {
      const made = document.createElement(tag);
      if (tag === "button") made.type = "button";
      made.className = classes;
      return made;
    }

    item(menu, tag, text = "", label = "") {
      const made = this.control(tag, "");
      made.textContent = text;
      if (label) made.setAttribute("aria-label", label);
      const place = document.createElement("li");
      place.append(made);
      menu.querySelector("ul").append(place);
      return made;
    }

    say(text, failed = false) {
      this.said.textContent = text;
      this.said.toggleAttribute("data-failed", failed);
    }

    // The buttons stay what they are, so the focus stays where it is.
    off() {
      this.view = "";
      this.removeFrames();
      this.frame = null;
      this.recorded.hidden = false;
      this.buttons();
    }

    removeFrames(except) {
      for (const frame of this.card.querySelectorAll("iframe.live-frame"))
        if (frame !== except) frame.remove();
    }

    // What it does next is what it says: the same control starts and stops.
    buttons(busy = false) {
      const live = Boolean(this.view);
      this.main.textContent = live ? "■ Stop" : "▶ Run";
      this.main.setAttribute("aria-label", live ? `Stop ${this.name}` : `Run live, in the editor: ${this.name}`);
      this.main.toggleAttribute("aria-busy", busy);
      const app = this.view !== "run";
      this.other.textContent = app ? "As an app" : "In the editor";
      this.other.setAttribute("aria-label", `Run live, ${app ? "as an app" : "in the editor"}: ${this.name}`);
      this.reset.hidden = !live;
      if (!live) this.run.hidden = true;
    }

    async start(view, anew) {
      const turn = (this.turn = (this.turn ?? 0) + 1);
      clearTimeout(this.timer);
      const id = this.id || opened.get(place(this.card))?.id || "";
      this.view = view;
      this.keep(anew ? "" : id); // from now on: a reload in between opens it all the same
      this.say(view === "edit" ? "Starting the editor…" : "Starting the app…");
      this.buttons(true);
      try {
        if (anew && id) await ask("stop", { id });
        const got = await ask("open", { snippet: this.name, view, id: anew ? "" : id });
        if (turn !== this.turn) {
          // Stopped, or asked anew, meanwhile: what has just started is nobody's.
          if (got.id !== this.id) await ask("stop", { id: got.id });
          return;
        }
        this.keep(got.id);
        this.show(got.url);
      } catch (error) {
        if (turn !== this.turn) return;
        this.forget();
        this.off();
        this.say(`Not started: ${error.message}`, true);
      }
    }

    // The recorded view stays until the notebook has its cells.
    show(url) {
      const frame = document.createElement("iframe");
      frame.className = "live-frame live-loading";
      frame.title = `Live marimo notebook ${this.name}, ${this.view === "edit" ? "editor" : "app"}`;
      frame.allow = ["camera", "microphone", "geolocation", "display-capture", "payment", "usb"]
        .map((device) => `${device} 'none'`)
        .join("; ");
      // No fence (it is our own origin), but a slip in a notebook can't lead this page away.
      frame.setAttribute(
        "sandbox",
        "allow-scripts allow-same-origin allow-forms allow-downloads allow-modals allow-popups allow-popups-to-escape-sandbox",
      );
      frame.src = url;
      this.recorded.after(frame); // one that is shown stays until this one has its cells
      this.frame = frame;
      this.buttons(true);
      this.pulse(); // from now on: who starts slowly is not taken for gone
      watch(frame, () => {
        this.removeFrames(frame);
        this.recorded.hidden = true;
        frame.classList.remove("live-loading");
        this.buttons();
        this.say("");
        last = this.name;
        ask("shown", { snippet: this.name }).catch(() => {});
      });
    }

    async pulse() {
      clearTimeout(this.timer);
      const turn = this.turn;
      if (!this.frame?.isConnected) return;
      try {
        const state = await ask("state", { id: this.id });
        if (turn !== this.turn) return; // it is another notebook's turn by now
        if (!state.alive) throw new Error("it was not used for long, or its server ended");
        this.run.hidden = !state.run;
        if (state.run) this.run.href = state.run;
      } catch (error) {
        if (turn !== this.turn) return;
        this.forget();
        this.off();
        return this.say(`The notebook has ended: ${error.message}.`, true);
      }
      this.timer = setTimeout(() => this.pulse(), this.run.hidden ? PULSE / 4 : PULSE);
    }

    keep(id) {
      this.id = id;
      opened.set(place(this.card), { id, view: this.view });
      remember();
    }

    forget() {
      this.turn = (this.turn ?? 0) + 1;
      this.id = undefined;
      opened.delete(place(this.card));
      remember();
    }

    async end() {
      const id = this.id;
      this.forget();
      this.say("Stopping…");
      this.off();
      try {
        if (id) await ask("stop", { id });
        this.say("Stopped: the recorded run.");
      } catch (error) {
        this.say(`Not stopped: ${error.message}`, true);
      }
    }
  }

  // marimo's own margins are made for a full page.
  const STYLE = `
    html, body, #root, #App { background: var(--live-ground) !important; }
    #App { overflow-y: hidden !important; }
    #App.live-tall { overflow-y: auto !important; }
    #App > div { padding-inline: .25rem 2.5rem !important; }
    #App > div > div { padding-block: .5rem !important; }
    .marimo-cell { z-index: auto; }
    /* "Reconnected": the kernel was started ahead of its page. */
    #App > div > div > .print\\:hidden:has(> div.bg-\\(--blue-1\\)) { display: none; }
  `;

  // Follow the notebook: `shown` once it has cells, then its height and the page's colours.
  function watch(frame, shown) {
    let up = false;
    let waited = 0;
    const tick = () => {
      if (!frame.isConnected) return;
      const page = frame.contentDocument;
      const app = page?.getElementById("App");
      if (app && !page.getElementById("live-style")) {
        const style = page.createElement("style");
        style.id = "live-style";
        style.textContent = STYLE;
        page.head.append(style);
        const ground = () =>
          page.documentElement.style.setProperty(
            "--live-ground",
            getComputedStyle(document.body).getPropertyValue("--md-default-bg-color"),
          );
        ground();
        new MutationObserver(() => page.defaultView && ground()).observe(document.body, {
          attributes: true,
          attributeFilter: ["data-md-color-scheme"],
        });
      }
      const parts = app ? [...app.querySelectorAll(".marimo-cell, .output-area, [data-cell-id]")] : [];
      if (parts.length) {
        // An app's cells are there, empty, long before what they show.
        if (!up && (parts.some((e) => e.offsetHeight > 4) || waited++ > PATIENCE)) {
          up = true;
          shown();
        }
        const bottom = Math.max(...parts.map((e) => e.getBoundingClientRect().bottom)) + app.scrollTop;
        const wanted = Math.min(Math.ceil(bottom) + 44, MOST);
        app.classList.toggle("live-tall", bottom + 44 > MOST);
        if (Math.abs(wanted - frame.clientHeight) > 3) frame.style.height = `${wanted}px`;
      }
      setTimeout(tick, up ? 250 : 60);
    };
    tick();
  }

  function enhance() {
    for (const card of document.querySelectorAll(".snippet[data-snippet]:not([data-live])")) {
      if (!NOTEBOOKS.has(card.dataset.snippet) || !card.querySelector(".snippet-bar")) continue;
      card.dataset.live = "";
      const live = new Live(card);
      const was = opened.get(place(card));
      if (was) live.start(was.view, false); // after a reload, or back on this page: as it was
    }
  }

  // Material's document$ tells of each page that instant navigation brings.
  window.document$ ? window.document$.subscribe(enhance) : enhance();
})();
