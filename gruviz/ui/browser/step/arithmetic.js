// @ts-check
// The equations of the chosen unit with this step's numbers, and the largest single products behind them.

/** @import { Signal } from "../common/payload.d.ts" */
/** @import { State } from "../common/state.js" */
/** @import { Term } from "./lines.js" */
/** @import { Trace } from "./trace.js" */
import { el, markup } from "../common/dom.js"
import { percent } from "../common/format.js"
import { linesOf, productLine } from "./lines.js"

const PRODUCTS = 6

// What the number says, from the number.
/** @type {Partial<Record<Signal["role"], (value: number, signal: Signal, trace: Trace) => string>>} */
export const MEANING = {
  reset: (v) => `lets ${percent(v)} of the recurrent part through`,
  update: (v, signal) => (signal.flips
    ? `writes ${percent(v)} of the candidate, keeps ${percent(1 - v)} of the old state`
    : `keeps ${percent(v)} of the old state, writes ${percent(1 - v)} of the candidate`),
  forget(v, { key }, trace) {
    for (const { rule, name } of trace.signals) {
      if (rule.kind === "blend" && rule.gate === key && rule.writes)
        return `writes ${percent(v)} of the candidate, keeps ${percent(1 - v)} of the old state`
      if ((rule.kind === "blend" && rule.gate === key) || (rule.kind === "cell_update" && rule.forget === key))
        return `keeps ${percent(v)} of the old ${name}`
    }
    return `keeps ${percent(v)} of the old state`
  },
  input_gate: (v) => `writes ${percent(v)} of the candidate`,
  output: (v) => `shows ${percent(v)} of tanh of the cell state`,
}

// `change`: makes the button that changes a signal; `silencer`: the button that silences the unit
/** @param {State} state @param {(key: string) => Node} change @param {{node: Node, show: (unit: number, reached: boolean) => void}} silencer */
export function createArithmetic(state, change, silencer) {
  const title = el("h3", {})
  const body = el("div", { class: "equations" })
  const products = el("div", { class: "products" })
  const details = el("details", { ontoggle: () => update() },
    el("summary", {}, "Largest single products"), products)
  const root = el("section", { class: "arithmetic", "aria-label": "Arithmetic" },
    el("div", { class: "equation-line" }, title, silencer.node), body, details)
  /** @type {Trace} */
  let trace

  /** @param {Trace} next */
  function load(next) {
    trace = next
    update()
  }

  /** @param {Term[]} terms */
  const line = (terms) => el("div", { class: "line" }, ...terms.map(({ text, label }) =>
    el("span", { class: "term" }, el("span", {}, text),
      ...(label ? [label instanceof Node ? label : markup(label, "small")] : []))))

  /** @param {Signal} signal @param {number} step @param {number} unit @param {boolean} current */
  function block(signal, step, unit, current) {
    const { lines, result } = linesOf(trace, signal, step, unit)
    const rows = lines.map(line)
    rows.at(-1)?.append(el("b", { style: `color:var(--${signal.key}-ink)`, "data-result": signal.key }, result))
    const meaning = MEANING[signal.role]?.(trace.shown(signal.key, step, unit), signal, trace)
    const equation = markup(signal.equation, "div", { class: "equation", style: `border-color:var(--${signal.key}-fill)` })
    return el("div", { class: current ? "block current" : "block" },
      el("div", { class: "equation-line" }, equation, ...(trace.whatIf ? [change(signal.key)] : [])), ...rows,
      ...(meaning ? [el("div", { class: "meaning" }, meaning)] : []))
  }

  function update() {
    const step = state.get("step"), op = state.get("op"), unit = state.get("hover") ?? state.get("unit")
    const visible = trace.operations.slice(0, op === null ? undefined : op + 1)
    silencer.show(unit, true)
    title.textContent = `Unit ${unit} at step ${step}: “${trace.labels[step - 1]}”`
    body.replaceChildren(...visible.map((signal, i) => block(signal, step, unit, i === op)))
    if (details.open) products.replaceChildren(...visible.filter(({ rule }) => rule.kind === "affine")
      .map((signal) => largest(signal, step, unit)))
  }

  // a symbol of the table with an index, which may be a feature's name: any text
  /** @param {string} symbol @param {string | number} index */
  function indexed(symbol, index) {
    const label = markup(symbol, "small")
    label.append(`[${index}]`)
    return label
  }

  /** @param {Signal} signal @param {number} step @param {number} unit */
  function largest(signal, step, unit) {
    const [w, u] = signal.weights, gate = trace.scalerOf(signal)
    const list = trace.largestProducts(signal.key, step, unit, PRODUCTS).map(({ factors, from, index }) =>
      productLine(factors, from === "input"
        ? [indexed(w, `${unit}, ${index}`), indexed(trace.xSymbol, trace.featureNames[index] ?? index)]
        : [indexed(u, `${unit}, ${index}`), indexed(trace.byKey.h.before, index), ...(gate ? [indexed(gate.at, index)] : [])]))
    return el("div", { class: "block" },
      el("div", { class: "equation", style: `border-color:var(--${signal.key}-fill)` }, `into the ${signal.name}`),
      ...list.map(line), ...(list.length ? [] : [el("div", { class: "line" }, "all products are 0")]))
  }

  return { root, load, update }
}
