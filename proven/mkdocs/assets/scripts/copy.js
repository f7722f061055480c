// Copies the code of a card: the whole file, or only the part that is shown; or a page, as Markdown.
// Without JavaScript the buttons are hidden, so none of them is dead.
(() => {
  const SAID = { file: "File copied", excerpt: "Excerpt copied", command: "Command copied", page: "Page copied" };

  const command = (card) => {
    const file = new URL(card.querySelector("a[download]").href);
    const at = file.protocol === "file:" ? decodeURIComponent(file.pathname) : file.href;
    return `uvx marimo edit --sandbox ${at}`;
  };

  const fetched = async ({ href }) => {
    const response = await fetch(href);
    if (!response.ok) throw new Error(`${href} answers ${response.status}`);
    return response.text();
  };

  const text = async (card, what) => {
    if (what === "page") return fetched(card.querySelector("a[data-text]"));
    if (what === "excerpt")
      return [...card.querySelectorAll("pre[data-lines]")].map((pre) => pre.textContent).join("\n");
    if (what === "command") return command(card);
    const name = CSS.escape(card.dataset.snippet);
    const whole = document.querySelector(`template[data-file="${name}"]`);
    return whole ? JSON.parse(whole.dataset.text) : fetched(card.querySelector("a[download]"));
  };

  // Pages that are not served over HTTPS or from this machine have no clipboard API.
  const copy = async (value) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(value);
    const area = Object.assign(document.createElement("textarea"), { value });
    area.style.cssText = "position:fixed;opacity:0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("copying is not allowed here");
  };

  // The command names the file where this site is.
  document.addEventListener(
    "toggle",
    (event) => {
      const shown = event.target.querySelector?.(":scope.pop .cmd");
      if (shown) shown.textContent = command(shown.closest(".snippet"));
    },
    true,
  );

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const card = button.closest(".snippet, .page-text");
    const said = card.querySelector(".snippet-said");
    try {
      await copy(await text(card, button.dataset.copy));
      said.textContent = SAID[button.dataset.copy];
      delete said.dataset.failed;
    } catch (error) {
      said.textContent = `Not copied: ${error.message}`;
      said.dataset.failed = "";
    }
    const menu = button.closest("details.pop"); // not the fold that it may be in
    if (menu) menu.open = false;
    (menu?.querySelector("summary") ?? button).focus();
    if (!("failed" in said.dataset)) setTimeout(() => (said.textContent = ""), 4000);
  });
})();
