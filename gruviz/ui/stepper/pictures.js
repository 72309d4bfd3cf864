// The buttons that save the figures on the page as PNG and SVG: figures.js, which knows what they are, hears of it. And
// the server, which makes them a page with the cursor in it, hears where the person is.

import { el } from "./dom.js"
import { component } from "./mounted.js"

export const SAVE = "gruviz-save-figures" // an event of the document: {format, failed}

function createApp() {
  let asked = null
  const notice = el("p", { role: "alert", hidden: "" })
  const button = (name, format) => el("button", { type: "button", onclick: () => take(format) }, name)
  const root = el("div", { class: "pictures" }, button("Figure, PNG", "png"), button("Figure, SVG", "svg"), notice)

  function take(format) {
    notice.hidden = true
    document.dispatchEvent(new CustomEvent(SAVE, { detail: { format, failed } }))
  }

  function failed() {
    notice.textContent = "This browser could not draw the picture. The figure as HTML has all that is on it."
    notice.hidden = false
  }

  // the menu's parts are made when it opens; the address knows the step, which the server was not told
  function show({ place }, send) {
    root.dataset.step = place?.[0] ?? ""
    if (!place) return
    const params = new URL(window.location).searchParams
    const here = ["step", "unit"].map((name, i) => Number(params.get(name) ?? place[i]))
    if (here.every(Number.isInteger) && String(here) !== String(place) && String(here) !== asked) {
      asked = String(here)
      send("place", here)
    }
  }

  return { root, show, close() {} }
}

export default component(createApp)
