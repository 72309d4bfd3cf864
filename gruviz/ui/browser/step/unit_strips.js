// @ts-check
// All units of a large layer at once: a thin strip of colour each, in the table's columns, drawn on one canvas.

/** @import { Scale } from "../common/colours.js" */
/** @import { State } from "../common/state.js" */
/** @import { Layout } from "./geometry.js" */
/** @import { Trace } from "./trace.js" */
/** @typedef {{diverging: Scale, gate: Scale}} Scales */
import { el } from "../common/dom.js"
import { FULL_ROWS } from "./table.js"

const TALLEST = 320

/** @param {State} state */
export function createStrips(state) {
  const canvas = el("canvas", { role: "img" })
  const caption = el("p", { class: "hint" })
  const root = el("div", { class: "strips" }, caption, canvas)
  /** @type {Trace} */
  let trace
  /** @type {Layout} */
  let place
  /** @type {Scales} */
  let scales
  /** @type {number[]} */
  let order = []
  let thick = 1

  /** @param {Trace} nextTrace @param {Layout} nextPlace @param {Scales} nextScales */
  function load(nextTrace, nextPlace, nextScales) {
    trace = nextTrace
    place = nextPlace
    scales = nextScales
    root.hidden = trace.units <= FULL_ROWS
    if (root.hidden) return
    thick = Math.max(1, Math.min(6, Math.floor(TALLEST / trace.units)))
    canvas.width = place.width
    canvas.height = thick * trace.units
    update()
  }

  function update() {
    if (root.hidden) return
    const step = state.get("step"), op = state.get("op")
    const context = canvas.getContext("2d")
    if (!context) return
    context.clearRect(0, 0, canvas.width, canvas.height)
    order = Array.from({ length: trace.units }, (_, i) => i)
    if (state.get("sort") === "change")
      order.sort((a, b) => Math.abs(trace.change(step, b)) - Math.abs(trace.change(step, a)))
    const computed = new Set(trace.operations.slice(0, op === null ? undefined : op + 1).map((s) => s.key))
    for (const column of place.columns) {
      const signal = trace.byKey[column.signal]
      if (column.when !== "before" && !computed.has(column.signal)) continue
      const gate = signal.bounds?.[0] === 0
      const at = column.when === "before" ? step - 1 : step
      order.forEach((unit, i) => {
        const value = gate ? trace.shown(column.signal, at, unit) : trace.value(column.signal, at, unit)
        const share = gate ? value : (value / trace.reach[column.signal] + 1) / 2
        context.fillStyle = (gate ? scales.gate : scales.diverging)(share).fill
        context.fillRect(column.x, i * thick, column.width, thick)
      })
    }
    /** @type {[number | null, number][]} */
    const marked = [[state.get("unit"), 3], [state.get("hover"), 1]]
    context.fillStyle = getComputedStyle(root).color
    for (const [unit, width] of marked) {
      const i = unit === null ? -1 : order.indexOf(unit)
      if (i >= 0) context.fillRect(place.label - 8, i * thick, width + 3, Math.max(2, thick))
    }
    caption.textContent = `Above, the ${Math.min(10, trace.units)} units that change most at this step. ` +
      `Below, all ${trace.units} units, a strip each.`
    canvas.setAttribute("aria-label", `All ${trace.units} units at step ${step}, a strip of colour each`)
  }

  /** @param {MouseEvent} event */
  const under = (event) => {
    const box = canvas.getBoundingClientRect()
    return order[Math.floor(((event.clientY - box.top) / box.height) * trace.units)] ?? null
  }
  canvas.onmousemove = (event) => state.set({ hover: under(event) })
  canvas.onmouseleave = () => state.set({ hover: null })
  canvas.onclick = (event) => state.set({ unit: under(event) ?? state.get("unit") })

  return { root, load, update }
}
