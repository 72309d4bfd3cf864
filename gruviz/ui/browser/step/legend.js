// @ts-check
// Under the diagram: what the marks of the rows are; instead of it, what the box that was clicked does, or the operation
// that is being stepped through.

/** @import { Attributes } from "../common/dom.js" */
/** @import { Blend, Column, CellUpdate, Rule, Signal } from "../common/payload.d.ts" */
/** @import { State } from "../common/state.js" */
/** @import { Trace } from "./trace.js" */
import { boxOf, explained } from "./explain.js"
import { el, markup, svg } from "../common/dom.js"

/** @typedef {{mark: SVGElement, html: string}} Entry `html` holds symbols of gruviz's own table only */

/** @param {string} style @param {Attributes} attributes */
const bar = (style, attributes = {}) => svg("rect", { x: 1, y: 4, width: 18, height: 7, rx: 1.5, style, ...attributes })
/** @param {string} style @param {Attributes} attributes */
const circle = (style, attributes = {}) => svg("circle", { cx: 10, cy: 7, r: 4.5, style, ...attributes })
/** @param {string} style */
const stroke = (style) => svg("rect", { x: 7, y: 0, width: 6, height: 14, rx: 1, style })
/** @param {string} key */
const fill = (key) => `fill:var(--${key}-fill)`
/** @param {string} key */
const hollow = (key) => circle(`stroke:var(--${key}-fill)`, { class: "hollow" })

const ENTRIES = {
  /** @returns {Entry[]} */
  square: () => [],
  /** @returns {Entry[]} */
  gauge: () => [],
  /** @param {Trace} trace @param {Signal} signal @returns {Entry[]} */
  parts(trace, signal) {
    const gate = trace.scalerOf(signal)
    return [
      { mark: bar("", { class: "input" }), html: "from the input" },
      { mark: bar(fill(gate ? gate.key : "h")), html: "from the old state" },
      ...(gate ? [{ mark: bar(`stroke:var(--${gate.key}-fill)`, { class: "taken" }), html: `what the ${gate.name} took away` }] : []),
      { mark: circle(fill(signal.key)), html: `their sum; ${trace.activation} of it is ${signal.symbol}` },
    ]
  },
  /** @param {Trace} trace @param {Signal} signal @param {Blend} rule @returns {Entry[]} */
  blend(trace, signal, rule) {
    const gate = trace.byKey[rule.gate], candidate = trace.byKey[rule.new]
    const keeps = gate.flips !== rule.writes ? `1 − ${gate.symbol}` : gate.symbol
    return [
      { mark: hollow(signal.key), html: `old ${signal.symbol}` },
      { mark: circle(fill(candidate.key)), html: `${candidate.name} ${candidate.symbol}` },
      { mark: stroke(fill(signal.key)), html: `new ${signal.symbol}: between them, the nearer to the old the larger ${keeps}` },
    ]
  },
  /** @param {Trace} trace @param {Signal} signal @param {CellUpdate} rule @returns {Entry[]} */
  cell_update(trace, signal, rule) {
    const [forget, write, candidate] = [rule.forget, rule.write, rule.new].map((key) => trace.byKey[key])
    return [
      { mark: hollow(signal.key), html: `old ${signal.symbol}` },
      { mark: bar(fill(forget.key)), html: `kept of it by the ${forget.name}` },
      { mark: bar(fill(candidate.key)), html: `${candidate.name} let in by the ${write.name}` },
      { mark: stroke(fill(signal.key)), html: `new ${signal.symbol}: their sum` },
    ]
  },
}

// What the marks of a column are.
/** @param {Trace} trace @param {Column} column */
export function entriesOf(trace, { kind, signal: key }) {
  const signal = trace.byKey[key], entries = /** @type {(trace: Trace, signal: Signal, rule: Rule) => Entry[]} */ (ENTRIES[kind])
  return entries(trace, signal, signal.rule)
}

/** @param {State} state */
export function createLegend(state) {
  const marks = el("ul", { class: "legend", "aria-label": "What the marks are" })
  const close = el("button", { type: "button", class: "close", "aria-label": "Back to the legend", onclick: () => state.set({ box: null }) }, "×")
  const text = el("p", { class: "explained", role: "note" })
  const root = el("div", { class: "under" }, marks, text, close)
  /** @type {Trace} */
  let trace

  /** @param {Trace} next */
  function load(next) {
    trace = next
    const entries = trace.columns.filter(({ when }) => when === "now").flatMap((column) => entriesOf(trace, column))
    marks.replaceChildren(...entries.map(({ mark, html }) => el("li", {},
      svg("svg", { viewBox: "0 0 20 14", width: 20, height: 14, "aria-hidden": "true" }, mark), markup(html))))
    update()
  }

  // the box that the person asks about, else the one of the operation that was just done
  function column() {
    const box = state.get("box"), op = state.get("op")
    if (box !== null) return trace.columns.find((column) => boxOf(column) === box)
    return op === null ? null : trace.columns.find(({ signal, when, kind }) =>
      signal === trace.operations[op].key && when === "now" && kind !== "square")
  }

  function update() {
    const now = column()
    marks.hidden = Boolean(now)
    text.hidden = !now
    close.hidden = state.get("box") === null || !now
    if (now) text.textContent = explained(trace, now, state.get("step"), state.get("unit"))
  }

  return { root, load, update }
}
