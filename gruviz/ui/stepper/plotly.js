// The cursor in the figures that Streamlit drew, and clicks in them. Streamlit leaves Plotly at window.Plotly; where it
// does not, the figures' cursor stays where the server drew it, and all else works.

import { toStep } from "./state.js"

const FIGURE = ".st-key-signals .js-plotly-plot"
const CLICKABLE = "nsewdrag" // Plotly's own class for the area of a panel that takes the mouse

export function createFigureCursor(state) {
  let trace, figure = null

  function attach() {
    const found = document.querySelector(FIGURE)
    if (!found || !window.Plotly || !found._fullLayout || !found.on) return
    if (found === figure) return
    figure = found
    figure.on("plotly_afterplot", update) // the server drew it anew, with the cursor of its last run
    figure.on("plotly_hover", ({ points }) => {
      const unit = points[0]?.data.type === "heatmap" ? points[0].y : null
      if (Number.isInteger(unit) && unit < trace.units) state.set({ hover: unit })
    })
    figure.on("plotly_unhover", () => state.set({ hover: null }))
    figure.addEventListener("click", onClick)
    update()
  }

  // any place in a panel counts, not only the marks: the column under the mouse is the step
  function onClick(event) {
    if (!event.target.classList?.contains(CLICKABLE)) return
    const axis = figure._fullLayout.xaxis
    const x = event.clientX - figure.getBoundingClientRect().left - axis._offset
    state.set({ ...toStep(trace, Math.round(axis.p2d(x))), playing: false })
  }

  function update() {
    if (!figure || !figure.isConnected || !figure.layout?.shapes?.length) return
    const step = state.get("step"), shape = figure.layout.shapes[0]
    if (shape.x0 === step - 0.5 && shape.x1 === step + 0.5) return
    window.Plotly.relayout(figure, { "shapes[0].x0": step - 0.5, "shapes[0].x1": step + 0.5 })
  }

  // Streamlit adds figures after components, and replaces them: look whenever the page's elements change
  const observer = new MutationObserver(attach)
  observer.observe(document.body, { childList: true, subtree: true })

  return {
    load(next) {
      trace = next
      attach()
      update()
    },
    update,
    close: () => observer.disconnect(),
  }
}
