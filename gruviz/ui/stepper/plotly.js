// The cursor in all figures over time that Streamlit drew, and clicks in them. Streamlit leaves Plotly at window.Plotly; where it
// does not, the figures' cursor stays where the server drew it, and all else works.

import { toStep } from "./state.js"

const FIGURES = "[class*=st-key-signals] .js-plotly-plot"
const CLICKABLE = "nsewdrag" // Plotly's own class for the area of a panel that takes the mouse

const RECTANGLE = /^M[\d.e+-]+,([\d.e+-]+)H[\d.e+-]+V([\d.e+-]+)H[\d.e+-]+Z$/

// Moves shape 0 as Plotly drew it, and its record: Plotly's own relayout draws all panels anew, too slow for a key held
// down. False where the drawing is not the rectangle it was; then relayout does it.
function moveDrawn(figure, x0, x1) {
  const path = figure.querySelector('.shapelayer path[data-index="0"]')
  const axis = figure._fullLayout?.xaxis
  const parts = path && RECTANGLE.exec(path.getAttribute("d"))
  if (!parts || !axis?.l2p || !figure._fullLayout.shapes?.length) return false
  const [left, right] = [x0, x1].map((x) => axis._offset + axis.l2p(x))
  path.setAttribute("d", `M${left},${parts[1]}H${right}V${parts[2]}H${left}Z`)
  for (const layout of [figure.layout, figure._fullLayout]) Object.assign(layout.shapes[0], { x0, x1 })
  return true
}

export function createFigureCursor(state) {
  let trace
  const figures = new Set()

  function attach() {
    for (const figure of figures) if (!figure.isConnected) figures.delete(figure)
    if (!window.Plotly) return
    for (const figure of document.querySelectorAll(FIGURES))
      if (figure._fullLayout && figure.on && !figures.has(figure)) listen(figure)
  }

  function listen(figure) {
    figures.add(figure)
    figure.on("plotly_afterplot", () => move(figure)) // the server drew it anew, with the cursor of its last run
    figure.on("plotly_hover", ({ points }) => {
      const unit = points[0]?.data.type === "heatmap" ? points[0].y : null
      if (Number.isInteger(unit) && unit < trace.units) state.set({ hover: unit })
    })
    figure.on("plotly_unhover", () => state.set({ hover: null }))
    figure.addEventListener("click", (event) => onClick(figure, event))
    move(figure)
  }

  // any place in a panel counts, not only the marks: the column under the mouse is the step
  function onClick(figure, event) {
    if (!event.target.classList?.contains(CLICKABLE)) return
    const axis = figure._fullLayout.xaxis
    const x = event.clientX - figure.getBoundingClientRect().left - axis._offset
    state.set({ ...toStep(trace, Math.round(axis.p2d(x))), playing: false })
  }

  function move(figure) {
    if (!figure.isConnected || !figure.layout?.shapes?.length) return
    const step = state.get("step"), shape = figure.layout.shapes[0]
    if (shape.x0 === step - 0.5 && shape.x1 === step + 0.5) return
    if (!moveDrawn(figure, step - 0.5, step + 0.5))
      window.Plotly.relayout(figure, { "shapes[0].x0": step - 0.5, "shapes[0].x1": step + 0.5 })
  }

  const update = () => figures.forEach(move)

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
