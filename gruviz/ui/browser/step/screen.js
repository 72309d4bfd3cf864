// @ts-check
// The screen that the stepper stands on: Streamlit's container around it and the figures, which screen.css lays out as one
// grid. What its style sheet has to know is written on it: which side is shown, whether there is a board.

/** @import { Name, State } from "../common/state.js" */
/** @import { Trace } from "./trace.js" */
import { el } from "../common/dom.js"

const STYLE = new URL("./screen.css", import.meta.url).href
const WIDE = matchMedia("screen and (min-width: 1000px) and (min-height: 560px)") // as in the style sheets
const PRESENTING = "data-presenting"

// Whether all stands on one screen; else the parts stand one above the other, and the page scrolls.
export const isWide = () => WIDE.matches

/** @param {() => void} listener */
export const onWide = (listener) => {
  WIDE.addEventListener("change", listener)
  return () => WIDE.removeEventListener("change", listener)
}

/** @param {State} state @param {HTMLElement} root */
export function createScreen(state, root) {
  if (!document.querySelector(`link[href="${STYLE}"]`)) document.head.append(el("link", { rel: "stylesheet", href: STYLE }))
  /** @type {Trace} */
  let trace

  /** @returns {HTMLElement | null | undefined} */
  const around = () => /** @type {Partial<ShadowRoot>} */ (root.getRootNode()).host?.closest(".st-key-screen")

  /** @param {Trace} next */
  function load(next) {
    trace = next
    update(new Set(["side", "present"]))
  }

  /** @param {Set<Name>} changed */
  function update(changed) {
    if (!changed.has("side") && !changed.has("present")) return
    const present = state.get("present"), screen = around()
    root.classList.toggle("presenting", present)
    root.dataset.side = state.get("side")
    root.toggleAttribute("data-board", Boolean(trace.board))
    if (!screen) return
    screen.dataset.side = state.get("side")
    screen.toggleAttribute("data-board", Boolean(trace.board))
    document.documentElement.toggleAttribute(PRESENTING, present)
  }

  // the browser gives the whole display only where a person asked for it by key or mouse
  /** @param {boolean} on */
  async function present(on) {
    state.set({ present: on })
    try {
      if (on) await document.documentElement.requestFullscreen?.()
      else if (document.fullscreenElement) await document.exitFullscreen()
    } catch {
      // the window alone will do
    }
  }

  // Escape leaves the full display without a key event
  const onFullscreen = () => !document.fullscreenElement && state.get("present") && state.set({ present: false })
  document.addEventListener("fullscreenchange", onFullscreen)

  function close() {
    document.removeEventListener("fullscreenchange", onFullscreen)
    document.documentElement.removeAttribute(PRESENTING)
  }

  return { load, update, present, close }
}
