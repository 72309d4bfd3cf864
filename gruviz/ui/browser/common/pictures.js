// @ts-check
// The buttons that save the figures on the page as PNG and SVG: figures.js, which knows what they are, hears of it. And
// the server, which makes them a page with the cursor in it, hears where the person is.

import { el } from "./dom.js"
import { component } from "./component.js"

/** @import { App, Send } from "./component.js" */
/** @import { PicturesPayload } from "./payload.d.ts" */
/** @typedef {CustomEvent<{format: "png" | "svg", failed: () => void}>} SaveEvent */

export const SAVE = "gruviz-save-figures" // an event of the document: {format, failed}
const EVERY = 200 // ms

/** @returns {App<PicturesPayload>} */
function createApp() {
  /** @type {PicturesPayload["place"]} */
  let place = null
  /** @type {Send} */
  let send
  /** @type {string | undefined} */
  let asked
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer
  const notice = el("p", { role: "alert", hidden: "" })
  /** @param {string} name @param {"png" | "svg"} format */
  const button = (name, format) => el("button", { type: "button", onclick: () => take(format) }, name)
  const root = el("div", { class: "pictures" }, button("Figure, PNG", "png"), button("Figure, SVG", "svg"), notice)

  /** @param {"png" | "svg"} format */
  function take(format) {
    notice.hidden = true
    document.dispatchEvent(new CustomEvent(SAVE, { detail: { format, failed } }))
  }

  function failed() {
    notice.textContent = "This browser could not draw the picture. The figure as HTML has all that is on it."
    notice.hidden = false
  }

  // The menu's parts are made when it opens. The address knows the step, which the server was not told; it is written a
  // moment after the page has opened and while a person steps, so it is looked at for as long as the menu is open.
  /** @param {PicturesPayload} data @param {Send} sendTrigger */
  function show({ place: next }, sendTrigger) {
    place = next
    send = sendTrigger
    root.dataset.step = String(place?.[0] ?? "")
    clearInterval(timer)
    if (!place) return
    follow()
    timer = setInterval(follow, EVERY)
  }

  function follow() {
    if (!place) return
    const params = new URL(window.location.href).searchParams, [step, unit] = place
    const here = [Number(params.get("step") ?? step), Number(params.get("unit") ?? unit)]
    if (!here.every(Number.isInteger) || String(here) === String(place) || String(here) === asked) return
    asked = String(here)
    send("place", here)
  }

  return { root, show, close: () => clearInterval(timer) }
}

export default component(createApp)
