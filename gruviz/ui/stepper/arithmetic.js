// The equations of the chosen unit with this step's numbers. Every sum that is shown adds up as shown.

import { el, markup } from "./dom.js"
import { addUp, fixed, percent, signed } from "./format.js"

const DIGITS = 4
const PRODUCTS = 6
const ACT = { sigmoid: "σ", tanh: "tanh", relu: "relu" }
const number = (value) => fixed(value, DIGITS)
const plus = (value) => (value < 0 ? ` − ${number(-value)}` : ` + ${number(value)}`)
const factor = (value) => (value < 0 ? `(${number(value)})` : number(value))

// One line a rule kind: [lines of text, what it means]
const LINES = {
  affine(trace, signal, step, unit) {
    const a = trace.affine(signal.key, step, unit)
    const act = ACT[a.activation], result = number(trace.shown(signal.key, step, unit))
    const flip = signal.flips ? "1 − " : ""
    const lines = []
    const biases = (...values) => (trace.biased ? values : [])
    if (signal.rule.scaled_by && trace.resetAfter) {
      const inner = addUp([a.uh, ...biases(a.biasRec)], DIGITS)
      const outer = addUp([a.wx, ...biases(a.biasIn), a.memoryPart], DIGITS)
      lines.push(["memory", `${inner.terms.map((t, i) => (i ? plus(t) : number(t))).join("")} = ${number(inner.total)}`])
      lines.push(["kept", `${number(a.scale)} · ${factor(inner.total)} = ${number(outer.terms.at(-1))}`])
      lines.push(["sum", `${outer.terms.map((t, i) => (i ? plus(t) : number(t))).join("")} = ${number(outer.total)}`])
      lines.push(["", `${flip}${act}(${number(outer.total)}) = `, result])
    } else {
      const all = addUp([a.wx, ...biases(a.biasIn), a.uh, ...biases(a.biasRec)], DIGITS)
      lines.push(["sum", `${all.terms.map((t, i) => (i ? plus(t) : number(t))).join("")} = ${number(all.total)}`])
      lines.push(["", `${flip}${act}(${number(all.total)}) = `, result])
    }
    return lines
  },
  blend(trace, signal, step, unit) {
    const { gate, new: candidate } = signal.rule
    const z = trace.value(gate, step, unit), n = trace.value(candidate, step, unit)
    const old = trace.value(signal.key, step - 1, unit)
    const { terms, total } = addUp([(1 - z) * n, z * old], DIGITS)
    return [
      ["", `${number(1 - z)} · ${factor(n)}${" + "}${number(z)} · ${factor(old)}`],
      ["sum", `${number(terms[0])}${plus(terms[1])} = `, number(total)],
    ]
  },
  memory(trace, signal, step, unit) {
    const { forget, write, new: candidate } = signal.rule
    const [f, i, g] = [forget, write, candidate].map((key) => trace.value(key, step, unit))
    const old = trace.value(signal.key, step - 1, unit)
    const { terms, total } = addUp([f * old, i * g], DIGITS)
    return [
      ["", `${number(f)} · ${factor(old)} + ${number(i)} · ${factor(g)}`],
      ["sum", `${number(terms[0])}${plus(terms[1])} = `, number(total)],
    ]
  },
  gated(trace, signal, step, unit) {
    const gate = trace.value(signal.rule.gate, step, unit), inner = trace.value(signal.rule.inner, step, unit)
    return [["", `${number(gate)} · tanh(${number(inner)}) = `, number(trace.value(signal.key, step, unit))]]
  },
}

// What the number says, from the number.
const MEANING = {
  reset: (v) => `lets ${percent(v)} of the memory part through`,
  update: (v, signal) => (signal.flips
    ? `writes ${percent(v)} of the candidate, keeps ${percent(1 - v)} of the old state`
    : `keeps ${percent(v)} of the old state, writes ${percent(1 - v)} of the candidate`),
  forget: (v) => `keeps ${percent(v)} of the old cell state`,
  input_gate: (v) => `writes ${percent(v)} of the candidate`,
  output: (v) => `shows ${percent(v)} of tanh of the cell state`,
  candidate: () => "",
  memory: () => "",
  state: (v, signal, moved) => `moved by ${signed(moved, DIGITS)}`,
}

export function createArithmetic(state) {
  const title = el("h3", {})
  const chooser = el("select", { "aria-label": "Unit", onchange: () => state.set({ unit: Number(chooser.value) }) })
  const sort = el("select", { "aria-label": "Order of units", onchange: () => state.set({ sort: sort.value }) },
    el("option", { value: "index" }, "by index"), el("option", { value: "change" }, "by |change|"))
  const body = el("div", { class: "equations" })
  const products = el("div", { class: "products" })
  const details = el("details", { ontoggle: () => update() },
    el("summary", {}, "Largest single products"), products)
  const root = el("section", { class: "arithmetic", "aria-label": "Arithmetic" },
    el("div", { class: "choose" }, el("label", {}, "unit ", chooser), el("label", {}, "rows ", sort)),
    title, body, details)
  let trace

  function load(next) {
    trace = next
    chooser.replaceChildren(...Array.from({ length: trace.units }, (_, unit) => el("option", { value: unit }, String(unit))))
    update()
  }

  function block(signal, step, unit, current) {
    const value = trace.shown(signal.key, step, unit)
    const lines = LINES[signal.rule.kind](trace, signal, step, unit).map(([name, text, result]) =>
      el("div", { class: "line" }, el("span", { class: "tag" }, name), el("span", { class: "sum" }, text,
        ...(result ? [el("b", { style: `color:var(--${signal.key}-ink)`, "data-result": signal.key }, result)] : []))))
    const meaning = MEANING[signal.role](value, signal, trace.change(step, unit))
    return el("div", { class: current ? "block current" : "block" },
      markup(signal.equation, "div", { class: "equation", style: `border-color:var(--${signal.key}-fill)` }), ...lines,
      ...(meaning ? [el("div", { class: "meaning" }, meaning)] : []))
  }

  function update() {
    const step = state.get("step"), op = state.get("op"), unit = state.get("hover") ?? state.get("unit")
    chooser.value = state.get("unit")
    sort.value = state.get("sort")
    const visible = trace.operations.slice(0, op === null ? undefined : op + 1)
    title.textContent = `Unit ${unit} at step ${step}: “${trace.labels[step - 1]}”`
    body.replaceChildren(...visible.map((signal, i) => block(signal, step, unit, i === op)))
    if (details.open) products.replaceChildren(...visible.filter((s) => s.rule.kind === "affine")
      .map((signal) => largest(signal, step, unit)))
  }

  function largest(signal, step, unit) {
    const { fromInput, fromState } = trace.affine(signal.key, step, unit)
    const [w, u] = signal.weights
    const list = [...fromInput.map((p, d) => [p, w, `x<sub>${trace.featureNames[d] ?? d}</sub>`, d]),
      ...fromState.map((p, j) => [p, u, `${trace.byKey.h.symbol}<sub>${j}</sub>`, j])]
      .filter(([product]) => product !== 0).sort((a, b) => Math.abs(b[0]) - Math.abs(a[0])).slice(0, PRODUCTS)
    return el("div", { class: "block" },
      el("div", { class: "equation", style: `border-color:var(--${signal.key}-fill)` }, `into the ${signal.name}`),
      ...list.map(([product, weight, what, index]) => {
        const line = markup(`${weight}[${unit}, ${index}] · `, "div", { class: "line" })
        line.append(markup(what), ` = ${number(product)}`)
        return line
      }),
      ...(list.length ? [] : [el("div", { class: "line" }, "all products are 0")]))
  }

  return { root, load, update }
}
