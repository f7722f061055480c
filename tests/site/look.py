"""Look at a page in a browser: what it loads, whether all can use it, whether text fits."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Response

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
MOST = 150 * 1024  # bytes of a first view, compressed
_TEXT = (
    "text/",
    "application/javascript",
    "application/json",
    "application/manifest",
    "image/svg",
)

# A text is inside each box around it, up to the first that scrolls. What is hidden, as a label
# for screen readers, has no size; a drawing is held against its own edge.
OVERFLOWS = """() => {
  const found = [], range = document.createRange()
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const seen = { visibilityProperty: true, opacityProperty: true }
  const shown = element => element.checkVisibility(seen)
  while (texts.nextNode()) {
    const text = texts.currentNode
    if (!text.data.trim() || !shown(text.parentElement)) continue
    range.selectNodeContents(text)
    const rect = range.getBoundingClientRect()
    if (rect.width < 2 || rect.height < 2) continue
    for (let box = text.parentElement; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box)
      if (style.position === 'fixed' || /auto|scroll/.test(style.overflowX)) break
      if (/^rect/.test(style.clip)) break
      if (style.display.startsWith('inline')) continue
      if (box instanceof SVGElement && box.tagName !== 'svg') continue
      if (style.textOverflow === 'ellipsis' || style.clipPath !== 'none') break
      const edge = box.getBoundingClientRect()
      if (edge.width < 2) break
      // Blanks at the end of a wrapped line hang over its edge.
      if (!(box instanceof SVGElement) && box.scrollWidth <= box.clientWidth) continue
      if (rect.right > edge.right + 1.5 || rect.left < edge.left - 1.5) {
        const name = box.className.baseVal ?? box.className
        found.push(`${text.data.trim().slice(0, 40)} in ${box.tagName}.${name}`)
        break
      }
    }
  }
  const page = document.documentElement
  if (page.scrollWidth > page.clientWidth) found.push(`the page is ${page.scrollWidth} wide`)
  return found
}"""

# How far what is seen moved without a press: the share of the screen, and of its height.
SHIFTS = """() => {
  window.moved = 0
  new PerformanceObserver(list => {
    for (const { value } of list.getEntries()) window.moved += value
  }).observe({ type: 'layout-shift', buffered: true })
}"""
STILL = 0.15  # a line that a button of a script takes; without its room a title takes 0.2

# axe holds each colour in a line against all around it, which takes minutes for a file of two
# thousand lines; the first lines of a block have the colours of all.
SHORTEN = """() => {
  const after = document.createRange()
  for (const code of document.querySelectorAll('pre')) {
    let lines = 0
    const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      lines += texts.currentNode.data.split('\\n').length - 1
      if (lines < 60) continue
      after.setStartAfter(texts.currentNode)
      after.setEndAfter(code.lastChild)
      after.deleteContents()
      break
    }
  }
}"""


@dataclass
class Look:
    """One page in one setting, and what there is against it."""

    browser: Browser
    address: str
    place: str
    dark: bool = False
    phone: bool = False
    asked: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def problems(self) -> Iterator[str]:
        page = self.browser.new_page(
            viewport=PHONE if self.phone else WIDE,  # type: ignore[arg-type]
            color_scheme="dark" if self.dark else "light",
            reduced_motion="reduce",
            service_workers="block",
        )
        try:
            page.on("request", lambda request: self.asked.append(request.url))
            page.on("response", lambda answer: self.answers.append(answer))
            page.add_init_script(f"({SHIFTS})()")
            page.goto(self.address + self.place)
            page.wait_for_load_state("networkidle")
            yield from self.loaded()
            # The buttons of islands come from a script, which a loaded machine may run late.
            islands = page.locator("template[data-island]").count()
            if (moved := page.evaluate("window.moved")) > STILL and not islands:
                yield f"moves while it loads: {moved:.2f}"
            yield from (f"overflows: {text}" for text in page.evaluate(OVERFLOWS))
            page.evaluate(SHORTEN)
            for violation in Axe().run(page).response["violations"]:
                nodes = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
                yield f"axe: {violation['id']} at {len(nodes)}: {nodes[:3]}"
        finally:
            page.close()

    def loaded(self) -> Iterator[str]:
        """Other hosts, missing files, and too much of ours."""
        for url in self.asked:
            if not url.startswith((self.address, "data:", "blob:")):
                yield f"asks another host: {url}"
        for answer in self.answers:
            if answer.status >= 400:
                yield f"{answer.status}: {answer.url}"
        weight = sum(map(weigh, self.answers))
        if weight > MOST:
            yield f"weighs {weight / 1024:.0f} KB compressed"


def weigh(answer: Response) -> int:
    """The bytes of an answer as a host sends it: text compressed, all else as it is."""
    if not answer.ok or answer.url.startswith(("data:", "blob:")):
        return 0
    body = answer.body()
    kind = answer.headers.get("content-type", "")
    return len(gzip.compress(body, 6)) if kind.startswith(_TEXT) else len(body)
