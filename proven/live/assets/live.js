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
      const bar = document.createElement("span");
      bar.className = "snippet-live";
      const button = (text, label, act) => {
        const b = document.createElement("button");
        Object.assign(b, { type: "button", textContent: text, onclick: act });
        b.setAttribute("aria-label", `${label} ${this.name}`);
        bar.append(b);
        return b;
      };
      this.editor = button("▶ Run live", "Run live, in the editor:", () => this.toggle("edit"));
      this.editor.classList.add("live-primary");
      this.app = button("▶ As app", "Run live, as an app:", () => this.toggle("run"));
      this.reset = button("↺ Reset", "Start anew from the file:", () => this.start(this.view, true));
      this.stop = button("■ Stop", "Stop", () => this.end());
      this.run = document.createElement("a");
      Object.assign(this.run, { className: "live-run-link", target: "_blank", rel: "noopener" });
      this.run.textContent = "Run in Prefect ↗";
      bar.append(this.run);
      this.said = document.createElement("span");
      this.said.className = "live-said";
      this.said.setAttribute("role", "status");
      const actions = card.querySelector(".snippet-actions");
      actions ? actions.before(bar) : card.querySelector(".snippet-bar").append(bar);
      card.querySelector(".snippet-bar").after(this.said);
      // Who points at it may press it: a server that runs already gets ready.
      for (const sign of ["pointerenter", "focusin"])
        bar.addEventListener(sign, () => this.frame || likely(this.name));
      this.off();
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

    buttons(busy = false) {
      const live = Boolean(this.frame);
      for (const [button, view] of [[this.editor, "edit"], [this.app, "run"]]) {
        button.setAttribute("aria-pressed", String(live && this.view === view));
        button.toggleAttribute("aria-busy", busy);
      }
      const held = document.activeElement;
      for (const b of [this.reset, this.stop]) b.hidden = !live;
      if (!live) this.run.hidden = true;
      if (held === this.stop && this.stop.hidden) this.editor.focus();
      if (held === this.reset && this.reset.hidden) this.editor.focus();
    }

    toggle(view) {
      if (this.view !== view) this.start(view, false);
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
        this.say("Stopped. What you see is the recorded run.");
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
