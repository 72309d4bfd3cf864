// @ts-check
// The cursor and the chosen unit in all figures over time that Streamlit drew, and clicks in them. Streamlit leaves
// Plotly at window.Plotly; where it does not, both stay where the server drew them, and all else works.

/** @import { Axis, Data, Figure, Point } from "./plotly.d.ts" */
/** @import { Name, State, Stepped } from "./state.js" */
import { toStep } from "./state.js"
import { thinTicks } from "./ticks.js"

const FIGURES = "[class*=st-key-signals] .js-plotly-plot"
const CLICKABLE = "nsewdrag" // Plotly's own class for the area of a panel that takes the mouse

const SIZE = 12, LARGE = 17 // pixels of what is written in a figure: as gruviz/figures has it, and presented
const RECTANGLE = /^M([\d.e+-]+),([\d.e+-]+)H([\d.e+-]+)V([\d.e+-]+)H[\d.e+-]+Z$/

/** @typedef {"x" | "y"} Way */
/** @typedef {[number, number]} Ends */

/**
 * Of a trace, its values; several cells beside each other have none and no units.
 * @typedef {Stepped & {shown?: (key: string, step: number, unit: number) => number, cut?: Record<number, string>, ghost?: Drawn | null}} Drawn
 */

// Moves a rectangle as Plotly drew it along one axis ("x" or "y"), and its record: Plotly's own relayout draws all panels
// again, too slow for a key held down. False where the drawing is not the rectangle it was; then relayout does it.
/** @param {Figure} figure @param {number} index @param {Way} way @param {Axis | undefined} axis @param {Ends} ends */
function moveDrawn(figure, index, way, axis, ends) {
  const path = figure.querySelector(`.shapelayer path[data-index="${index}"]`)
  const parts = RECTANGLE.exec(path?.getAttribute("d") ?? "")
  if (!path || !parts || !axis?.l2p || !figure._fullLayout.shapes?.[index]) return false
  const [first, second] = ends.map((value) => axis._offset + axis.l2p(value))
  const [left, top, right, bottom] = way === "x" ? [first, parts[2], second, parts[4]] : [parts[1], first, parts[3], second]
  path.setAttribute("d", `M${left},${top}H${right}V${bottom}H${left}Z`)
  for (const layout of [figure.layout, figure._fullLayout])
    Object.assign(layout.shapes?.[index] ?? {}, { [`${way}0`]: ends[0], [`${way}1`]: ends[1] })
  return true
}

/** @param {Figure} figure @param {number} index @param {Way} way @param {Axis | undefined} axis @param {Ends} ends */
function moveShape(figure, index, way, axis, ends) {
  const shape = figure.layout.shapes?.[index]
  if (!shape) return
  if (shape[`${way}0`] === ends[0] && shape[`${way}1`] === ends[1]) return
  if (!moveDrawn(figure, index, way, axis, ends))
    window.Plotly?.relayout(figure, { [`shapes[${index}].${way}0`]: ends[0], [`shapes[${index}].${way}1`]: ends[1] })
}

/** @param {Figure} figure @param {string} name @returns {Axis | undefined} */
const axisOf = (figure, name) => figure._fullLayout[/** @type {`yaxis${string}`} */ (name.replace("y", "yaxis"))] // "y2": yaxis2

/** @param {State} state */
export function createFigureCursor(state) {
  /** @type {Drawn} */
  let trace
  /** @type {Set<Figure>} */
  const figures = new Set()

  function attach() {
    for (const figure of figures) if (!figure.isConnected) figures.delete(figure)
    if (!window.Plotly) return
    for (const figure of /** @type {NodeListOf<Figure>} */ (document.querySelectorAll(FIGURES)))
      if (figure._fullLayout && "on" in figure && !figures.has(figure)) listen(figure)
  }

  /** @param {Figure} figure */
  function listen(figure) {
    figures.add(figure)
    figure.on("plotly_afterplot", () => drawn(figure)) // the server drew it again, with the cursor of its last run
    figure.on("plotly_hover", ({ points }) => {
      const unit = points[0] ? named(points[0]) : null
      if (unit !== null) state.set({ hover: unit })
    })
    figure.on("plotly_unhover", () => state.set({ hover: null }))
    figure.addEventListener("click", (event) => onClick(figure, event))
    drawn(figure)
  }

  /** @param {Figure} figure */
  function drawn(figure) {
    move(figure)
    write(figure)
    thinTicks(figure, (step) => trace.cut?.[step - 1] ?? trace.labels[step - 1] ?? "")
  }

  // the unit that the tooltip of a mark names; null: none, or none that is stepped through here
  /** @param {Point} point */
  function named({ data, y }) {
    const unit = data.meta?.rows === "units" ? y : data.meta?.chosen ? state.get("unit") : data.meta?.unit
    return unit !== undefined && Number.isInteger(unit) && unit < (trace.units ?? 0) ? unit : null
  }

  // Any place in a panel counts, not only the marks: the column under the mouse is the step. In a heatmap the row is the
  // unit, elsewhere it is that of the mark whose tooltip is shown.
  /** @param {Figure} figure @param {MouseEvent} event */
  function onClick(figure, event) {
    const { target } = event
    if (!(target instanceof SVGElement && target.classList.contains(CLICKABLE))) return
    const axis = figure._fullLayout.xaxis, box = figure.getBoundingClientRect()
    const step = Math.round(axis.p2d(event.clientX - box.left - axis._offset))
    const unit = unitUnder(figure, target.dataset.subplot, event.clientY - box.top)
    state.set({ ...toStep(trace, step), ...(unit !== null && { unit }), playing: false })
  }

  /** @param {Figure} figure @param {string | undefined} panel @param {number} y */
  function unitUnder(figure, panel, y) {
    const name = panel?.match(/y\d*$/)?.[0], axis = name && axisOf(figure, name)
    const data = figure.data.find((one) => one.meta?.rows === "units" && (one.yaxis ?? "y") === name)
    if (data && axis) return named({ data, y: Math.round(axis.p2d(y - axis._offset)) })
    const [point] = figure._hoverdata ?? []
    return point ? named(point) : null
  }

  /** @param {Figure} figure */
  function move(figure) {
    if (!figure.isConnected || !figure.layout?.shapes?.length) return
    const step = state.get("step")
    moveShape(figure, 0, "x", figure._fullLayout.xaxis, [step - 0.5, step + 0.5])
    if (trace.units) mark(figure, state.get("unit"))
  }

  /** @param {Figure} figure @param {number} unit */
  function mark(figure, unit) {
    figure.layout.shapes?.forEach((shape, index) => {
      if (index && shape.yref !== "paper") moveShape(figure, index, "y", axisOf(figure, shape.yref), [unit - 0.5, unit + 0.5])
    })
    const name = `unit ${unit}, chosen`
    const lines = figure.data.flatMap((data, index) => (data.meta?.chosen && data.name !== name ? [index] : []))
    if (!lines.length) return
    /** @param {Data} data */
    const values = ({ meta }) => {
      const run = meta?.behind ? trace.ghost ?? trace : trace
      return Float32Array.from({ length: Math.min(run.steps, trace.steps) }, (_, i) => run.shown?.(meta?.chosen ?? "", i + 1, unit) ?? NaN)
    }
    window.Plotly?.restyle(figure, { name, y: lines.map((index) => values(figure.data[index])) }, lines)
  }

  // what is written in a figure grows while it is presented
  /** @param {Figure} figure */
  function write(figure) {
    const { layout } = figure, size = layout.font?.size, wanted = state.get("present") ? LARGE : SIZE
    if (!size || size === wanted) return
    const axes = Object.entries(layout).filter(([name]) => name.startsWith("yaxis"))
    const ticks = axes.map(([name, axis]) => [`${name}.tickfont.size`, ((axis?.tickfont?.size ?? size) * wanted) / size])
    window.Plotly?.relayout(figure, { "font.size": wanted, ...Object.fromEntries(ticks) })
  }

  /** @param {Set<Name>} [changed] */
  function update(changed) {
    figures.forEach(move)
    if (changed?.has("present")) figures.forEach(write)
  }

  // Streamlit adds figures after components, and replaces them: look whenever the page's elements change
  const observer = new MutationObserver(attach)
  observer.observe(document.body, { childList: true, subtree: true })

  return {
    /** @param {Drawn} next */
    load(next) {
      trace = next
      attach()
      update()
    },
    update,
    close: () => observer.disconnect(),
  }
}
