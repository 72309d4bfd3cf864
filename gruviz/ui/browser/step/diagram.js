// @ts-check
// The cell, drawn once, as the head of the table: a node over each column, and the wires that the rules ask for. A click on
// a node asks what it does (explain.js).

/** @import { Attributes } from "../common/dom.js" */
/** @import { Column } from "../common/payload.d.ts" */
/** @import { State } from "../common/state.js" */
/** @import { Layout, Span } from "./geometry.js" */
/** @import { Trace } from "./trace.js" */
import { attr, svg, svgMarkup } from "../common/dom.js"
import { boxOf } from "./explain.js"

const BOX = { top: 52, height: 42 }
const LANE = { old: 5, input: 21, state: 35 }
const UNDER = { first: 10, each: 8 } // pixels below the boxes

// the symbol in a node, and the name under it
/** @type {Record<Column["kind"], (column: Span, trace: Trace) => [string, string]>} */
const NODE = {
  square: (column, trace) => [column.when === "before" ? trace.byKey[column.signal].before : trace.byKey[column.signal].at,
    `${column.when === "before" ? "old" : "new"}${column.width < 64 ? "" : " state"}`],
  gauge: (column, trace) => [`σ ${trace.byKey[column.signal].symbol}`, trace.byKey[column.signal].name],
  parts: (column, trace) => [`${trace.activation} ${trace.byKey[column.signal].symbol}`, trace.byKey[column.signal].name],
  blend: (column, trace) => [trace.byKey[column.signal].node, "crossfade"],
  cell_update: (column, trace) => [trace.byKey[column.signal].node, trace.byKey[column.signal].name],
}

/**
 * What a column's node needs besides x and h, from this step or the one before. The last square shows what the node before
 * it made.
 * @param {Pick<Trace, "columns">} trace
 * @param {Span} column
 * @returns {{key: string, when: Column["when"]}[]}
 */
export function dependencies(trace, { kind, signal, rule }) {
  if (kind === "square" && trace.columns.some((c) => c.signal === signal && c.kind !== "square")) return [{ key: signal, when: "now" }]
  /** @param {(string | null)[]} keys @returns {{key: string, when: "now"}[]} */
  const now = (...keys) => keys.filter((key) => key !== null).map((key) => ({ key, when: "now" }))
  switch (rule.kind) {
    case "affine": return now(rule.scaled_by)
    case "blend": return [...now(rule.gate, rule.new), { key: signal, when: "before" }]
    case "cell_update": return [...now(rule.forget, rule.write, rule.new), { key: signal, when: "before" }]
    case "gated": return now(rule.gate, rule.inner)
  }
}

/** @param {State} state */
export function createDiagram(state) {
  const root = svg("svg", { class: "diagram", role: "group" })
  const tokenText = svg("text", { class: "token" })
  /** @type {Trace} */
  let trace
  /** @type {Layout} */
  let place
  /** @type {{column: Span, node: SVGElement}[]} */
  let nodes = []
  /** @type {{column: Span, path: SVGElement}[]} */
  let wires = []

  /** @param {Trace} nextTrace @param {Layout} nextPlace */
  function load(nextTrace, nextPlace) {
    trace = nextTrace
    place = nextPlace
    const below = drawWires()
    nodes = place.columns.map((column) => ({ column, node: drawNode(column) }))
    const height = BOX.top + BOX.height + below + 4
    attr(root, { viewBox: `0 0 ${place.width} ${height}`, width: place.width * place.zoom, height: height * place.zoom,
      "aria-label": `One step of a ${trace.cell}: ` + trace.operations.map((s) => s.name).join(", then ") })
    root.replaceChildren(svg("defs", {}, ...markers()), svg("g", { class: "wires" }, ...wires.map(({ path }) => path), tokenText),
      ...nodes.map(({ node }) => node))
    update()
  }

  function markers() {
    return [...trace.signals.map((s) => s.key), "x"].map((key) =>
      svg("marker", { id: `tip-${key}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9, markerHeight: 9,
        markerUnits: "userSpaceOnUse", orient: "auto" },
      svg("path", { d: "M0 0L8 4L0 8z", style: key === "x" ? "fill:var(--input)" : `fill:var(--${key}-fill)` })))
  }

  /** @param {Span} column */
  function box(column) {
    const width = Math.min(column.width, column.kind === "blend" || column.kind === "cell_update" ? 150 : 112)
    return { left: column.middle - width / 2, right: column.middle + width / 2, width }
  }

  /** @param {Span} column */
  function drawNode(column) {
    const [symbol, name] = NODE[column.kind](column, trace)
    const { left, width } = box(column)
    const room = width >= 50 // for the name under the symbol
    const lines = room ? [svg("text", { x: column.middle, y: BOX.top + 34, class: "what" })] : []
    if (lines.length) lines[0].textContent = name
    const size = place.narrow ? 10 : column.kind === "blend" || column.kind === "cell_update" ? 12.5 : 15
    const asked = boxOf(column), ask = () => state.set({ box: state.get("box") === asked ? null : asked })
    return svg("g", { class: "node", style: `--node:var(--${column.signal}-fill)`, role: "button", tabindex: 0, "data-box": asked,
      "aria-label": `What is this: ${trace.byKey[column.signal].name}${column.kind === "square" ? `, ${column.when === "before" ? "old" : "new"}` : ""}`,
      onclick: ask, onkeydown: (/** @type {KeyboardEvent} */ event) => { // no value: false would keep Tab from moving on
        if (event.key === "Enter") ask()
      } },
    svg("rect", { x: left, y: BOX.top, width, height: BOX.height, rx: 8 }),
    svgMarkup(symbol, { x: column.middle, y: BOX.top + (room ? 18 : 26), class: "symbol",
      style: `font-size:${size}px;fill:var(--${column.signal}-ink)` }),
    ...lines)
  }

  // the column in which a signal of this step is computed; of one step before, its first square
  /** @param {string} key @param {Column["when"]} when */
  const source = (key, when) => place.columns.find((c) => c.signal === key && c.when === when)

  /** @param {number[][]} points @param {string} key @param {Attributes} attributes */
  function wire(points, key, attributes = {}) {
    const d = points.map(([x, y], i) => `${i ? "L" : "M"}${x} ${y}`).join("")
    return svg("path", { d, "data-wire": key, style: `stroke:var(--${key}-fill)`, "marker-end": `url(#tip-${key})`,
      ...attributes })
  }

  // Makes the wires, each with the column that it leads to; returns how many pixels they need below the boxes.
  function drawWires() {
    const middle = BOX.top + BOX.height / 2, bottom = BOX.top + BOX.height
    const affine = place.columns.filter((c) => c.rule.kind === "affine" && c.when === "now" && c.kind !== "square")
    const old = source("h", "before")?.middle ?? 0
    let below = 0
    wires = []
    /** @param {Span} column @param {SVGElement} path */
    const add = (column, path) => wires.push({ column, path })
    const dash = { class: "input-wire", "marker-end": "url(#tip-x)" }
    for (const column of affine) {
      const x = column.middle - 8, h = column.middle + 8
      add(column, svg("path", { d: `M${affine[0].middle - 8} ${LANE.input}L${x} ${LANE.input}L${x} ${BOX.top - 1}`, ...dash }))
      add(column, wire([[old + 8, BOX.top], [old + 8, LANE.state], [h, LANE.state], [h, BOX.top - 1]],
        "h", { class: "thin" }))
    }
    attr(tokenText, { x: (affine.at(-1)?.middle ?? 0) + 4, y: LANE.input + 4 })
    for (const column of place.columns.filter((c) => c.when === "now")) {
      for (const { key, when } of dependencies(trace, column)) {
        const from = source(key, when)
        if (!from || from === column) continue
        const a = box(from), b = box(column)
        const neighbours = place.columns.indexOf(column) - place.columns.indexOf(from) === 1
        if (neighbours) add(column, wire([[a.right, middle], [b.left - 1, middle]], key))
        else if (when === "before")
          add(column, wire([[from.middle - 8, BOX.top], [from.middle - 8, LANE.old], [column.middle, LANE.old],
            [column.middle, BOX.top - 1]], key, { class: "thick" }))
        else {
          below += below ? UNDER.each : UNDER.first
          add(column, wire([[from.middle, bottom], [from.middle, bottom + below], [column.middle - b.width / 4, bottom + below],
            [column.middle - b.width / 4, bottom + 1]], key))
        }
      }
    }
    return below
  }

  function update() {
    const op = state.get("op")
    const keys = trace.operations.map((s) => s.key)
    const token = trace.labels[state.get("step") - 1]
    const longest = place.narrow ? 8 : 20
    tokenText.textContent = `← x: “${token.length > longest ? token.slice(0, longest - 1) + "…" : token}”`
    /** @param {Column} column */
    const later = (column) => op !== null && column.when === "now" && keys.indexOf(column.signal) > op
    for (const { column, path } of wires) path.classList.toggle("later", later(column))
    for (const { column, node } of nodes) {
      const now = column.when === "now" && column.kind !== "square" && op !== null && keys.indexOf(column.signal) === op
      node.classList.toggle("later", later(column))
      node.classList.toggle("active", now || state.get("box") === boxOf(column))
      node.setAttribute("aria-pressed", String(state.get("box") === boxOf(column)))
    }
  }

  return { root, load, update }
}
