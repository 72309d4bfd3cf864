// @ts-check
// The table under the diagram: a row a unit, the chosen one once more above the others, where it stays while they scroll.
// With more units than fit, the rows that matter most at this step, in full; all units stand in the strips below
// (unit_strips.js).

/** @import { Scale } from "../common/colours.js" */
/** @import { State } from "../common/state.js" */
/** @import { Layout } from "./geometry.js" */
/** @import { Trace } from "./trace.js" */
import { KINDS } from "./columns.js"
import { attr, el, svg } from "../common/dom.js"
import { fixed } from "../common/format.js"
import { onLine } from "./geometry.js"

export const FULL_ROWS = 24
const MOST_READABLE = 10
export const HEAD = 18 // pixels for the numbers on the axes

/** @param {Pick<Trace, "units">} trace */
export const rowCount = (trace) => Math.min(trace.units, trace.units <= FULL_ROWS ? FULL_ROWS : MOST_READABLE)

// The units in the order in which rows are drawn at this step; `most` of them, by |change|, where not all fit.
/** @param {Pick<Trace, "units" | "change">} trace @param {State} state */
export function rowOrder(trace, state) {
  const step = state.get("step")
  const all = Array.from({ length: trace.units }, (_, i) => i)
  const change = all.map((unit) => Math.abs(trace.change(step, unit)))
  /** @param {number} a @param {number} b */
  const bySize = (a, b) => change[b] - change[a] || a - b
  if (trace.units <= FULL_ROWS) return state.get("sort") === "change" ? all.sort(bySize) : all
  const chosen = state.get("unit")
  const rows = all.sort(bySize).slice(0, MOST_READABLE)
  if (!rows.includes(chosen)) rows.splice(-1, 1, chosen) // the chosen unit keeps its row
  return state.get("sort") === "change" ? rows.sort(bySize) : rows.sort((a, b) => a - b)
}

/** @typedef {{node: HTMLElement, show: (unit: number, reached: boolean) => void}} Silencer */
// `onTap`: a row was clicked; `silencer`: makes a row's button that silences its unit
/** @param {State} state @param {() => void} onTap @param {() => Silencer} silencer */
export function createTable(state, onTap, silencer) {
  const head = el("div", { class: "head" }), list = el("div", { class: "table", role: "group" })
  /** @type {Trace} */
  let trace
  /** @type {Scale} */
  let diverging
  /** @type {Layout} */
  let place
  /** @type {Row} the chosen unit once more */
  let pinned
  /** @type {Row[]} */
  let rows = []

  /** @param {Trace} nextTrace @param {Layout} nextPlace @param {Scale} nextDiverging */
  function load(nextTrace, nextPlace, nextDiverging) {
    trace = nextTrace
    place = nextPlace
    diverging = nextDiverging
    pinned = buildRow(0, false)
    pinned.root.classList.add("pinned")
    rows = Array.from({ length: rowCount(trace) }, (_, i) => buildRow(i, true))
    head.replaceChildren(scales(), pinned.root)
    list.replaceChildren(...rows.map((row) => row.root))
    update()
  }

  /** @param {number} height @param {SVGElement[]} children */
  const drawing = (height, ...children) =>
    svg("svg", { viewBox: `0 0 ${place.width} ${height}`, width: place.width * place.zoom, height: height * place.zoom,
      "aria-hidden": "true" }, ...children)

  /** @typedef {ReturnType<typeof buildRow>} Row */
  /** @param {number} index @param {boolean} listed */
  function buildRow(index, listed) {
    const y = place.row / 2
    const group = svg("g", { class: "row" })
    const back = svg("rect", { class: index % 2 ? "back" : "back odd", x: 0, width: place.width, y: 0, height: place.row, rx: 4 })
    const name = svg("text", { x: place.label - 8, y: y + 4.5, class: "name", "text-anchor": "end" })
    group.append(back, name)
    const cells = place.columns.map((column) => {
      const cell = svg("g", { "data-signal": column.signal, "data-kind": column.kind })
      group.append(cell)
      return { cell, marks: KINDS[column.kind].build(cell, column, y, place) }
    })
    const silence = listed ? silencer() : null, drawn = drawing(place.row, group)
    const root = silence ? el("div", { class: "unit" }, drawn, silence.node) : drawn
    const row = { root, group, name, cells, unit: -1, silence }
    if (!listed) return row
    group.onmouseenter = () => state.set({ hover: row.unit })
    group.onmouseleave = () => state.set({ hover: null })
    group.onclick = () => {
      state.set({ unit: row.unit })
      onTap()
    }
    return row
  }

  function scales() {
    const group = svg("g", { class: "scales" })
    for (const column of place.columns) {
      const { reach } = column
      /** @type {[number, string][]} */
      const ticks = column.kind === "square" ? [] : column.kind === "gauge"
        ? [[column.x, "0"], [column.x + column.width - column.text, "1"]]
        : [-reach, 0, reach].map((v) => /** @type {[number, string]} */ (
          [onLine(column, v, reach), v === 0 ? "0" : fixed(v, Number.isInteger(reach) ? 0 : 1)]))
      for (const [x, text] of ticks) {
        const tick = svg("text", { x, y: HEAD - 5, "text-anchor": "middle" })
        tick.textContent = text
        group.append(tick)
      }
    }
    return drawing(HEAD, group)
  }

  /** @param {Row} row @param {{step: number, unit: number, hover: number | null}} at @param {Set<string>} computed */
  function show(row, { step, unit, hover }, computed) {
    row.name.textContent = String(row.unit)
    row.silence?.show(row.unit, row.unit === unit)
    row.group.classList.toggle("chosen", row.unit === unit)
    row.group.classList.toggle("hovered", row.unit === hover)
    row.cells.forEach(({ cell, marks }, c) => {
      const column = place.columns[c]
      const visible = column.when === "before" || computed.has(column.signal)
      cell.classList.toggle("later", !visible)
      if (visible) KINDS[column.kind].update(marks, column, { trace, step, unit: row.unit, diverging })
    })
  }

  function update() {
    const step = state.get("step"), op = state.get("op"), unit = state.get("unit"), hover = state.get("hover")
    const order = rowOrder(trace, state)
    const computed = new Set(trace.operations.slice(0, op === null ? undefined : op + 1).map((s) => s.key))
    pinned.unit = unit
    rows.forEach((row, i) => (row.unit = order[i]))
    for (const row of [pinned, ...rows]) show(row, { step, unit, hover }, computed)
    attr(list, { "aria-label": `${trace.cell}, one row a hidden unit, at step ${step}; ` +
      "the chosen unit's numbers stand in “Arithmetic”" })
  }

  /** @param {number} unit */
  const rowOf = (unit) => rows.find((row) => row.unit === unit)?.root

  const order = () => rows.map((row) => row.unit)

  return { head, list, load, update, rowOf, order }
}
