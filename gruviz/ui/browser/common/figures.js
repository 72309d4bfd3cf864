// @ts-check
// Watches the figures of a page, without showing anything: cameras and buttons save pictures for paper, and when the page
// turns dark or light the server is asked to draw the figures for it.

import { isDark } from "./colours.js"
import { el } from "./dom.js"
import { component } from "./component.js"
import { describe, onPage, save } from "./paper.js"
import { SAVE } from "./pictures.js"

// Streamlit calls before and not after the colours change; a transition says when they do, on an element that is drawn
const UNSEEN = "position:absolute;width:0;height:0;background-color:var(--st-background-color);transition:background-color 1ms"
const CAMERA = ".modebar-btn[data-title^='Download plot']"

/** @import { App, Send } from "./component.js" */
/** @import { FiguresPayload } from "./payload.d.ts" */
/** @import { Figure } from "./plotly.d.ts" */
/** @import { SaveEvent } from "./pictures.js" */

/** @returns {App<FiguresPayload>} */
function createApp() {
  const root = el("div", { "aria-hidden": "true", style: UNSEEN, ontransitionrun: follow })
  /** @type {FiguresPayload} */
  let page
  /** @type {Send} */
  let ask
  /** @type {boolean | null} */
  let asked = null

  /** @param {FiguresPayload} data @param {Send} sendTrigger */
  function show(data, sendTrigger) {
    page = data
    ask = sendTrigger
    describe(data)
    follow()
    requestAnimationFrame(() => requestAnimationFrame(follow)) // by then this element has been drawn once
  }

  function follow() {
    if (!root.isConnected) return
    const dark = isDark(getComputedStyle(root).getPropertyValue("--st-background-color").trim())
    if (dark === page.dark) asked = null
    else if (asked !== dark) {
      asked = dark
      ask("theme", dark ? "dark" : "light")
    }
  }

  // before Plotly's own listener, which would save the figure in the page's colours, without a title
  /** @param {Event} event */
  function onClick(event) {
    if (!(event.target instanceof Element)) return
    const figure = /** @type {Figure | null | undefined} */ (event.target.closest(CAMERA)?.closest(".js-plotly-plot"))
    if (!figure || !window.Plotly?.toImage) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const key = /st-key-(\S+)/.exec(figure.closest("[class*=st-key-]")?.className ?? "")?.[1] ?? ""
    const name = figure.closest("[role=figure]")?.getAttribute("aria-label") ?? ""
    const chart = page.charts.find((each) => each.key === key)
    const ending = chart && page.charts.length === 1 ? "" : `_${key.toLowerCase()}`
    save("png", [{ figure, heading: chart?.heading ?? "" }], ending, name)
  }

  /** @param {Event} event */
  function onSave(event) {
    const { format, failed } = /** @type {SaveEvent} */ (event).detail
    save(format, onPage()).catch((error) => {
      console.warn(error)
      failed()
    })
  }

  // for the style sheet of printed pages, which makes the page as small as the paper asks
  function onPrint() {
    const { style } = document.documentElement
    style.setProperty("--window", String(window.innerWidth))
    style.setProperty("--window-width", `${window.innerWidth}px`)
  }

  window.addEventListener("beforeprint", onPrint)
  document.addEventListener("click", onClick, true)
  document.addEventListener(SAVE, onSave)

  function close() {
    window.removeEventListener("beforeprint", onPrint)
    document.removeEventListener("click", onClick, true)
    document.removeEventListener(SAVE, onSave)
  }

  return { root, show, close }
}

export default component(createApp)
