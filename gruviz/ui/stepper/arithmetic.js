// The equations of the chosen unit with this step's numbers. Every sum that is shown adds up as shown.

import { el, markup } from "./dom.js"
import { addUp, fixed, percent, signed } from "./format.js"

const DIGITS = 4
const PRODUCTS = 6
const ACT = { sigmoid: "σ", tanh: "tanh", relu: "relu" }
const number = (value) => fixed(value, DIGITS)
const factor = (value) => (value < 0 ? `(${number(value)})` : number(value))

// A line of arithmetic is a list of terms, each a number with what it is written under it.
const term = (text, label) => ({ text, label })

function sum(values, labels, total) {
  const terms = values.map((value, i) =>
    term(i === 0 ? number(value) : value < 0 ? `− ${number(-value)}` : `+ ${number(value)}`, labels[i]))
  return [...terms, term(`= ${number(total)}`)]
}

// The lines that compute a signal, a function for each kind of rule in gruviz's table; the last line ends in the result.
const LINES = {
  affine(trace, signal, step, unit) {
    const a = trace.affine(signal.key, step, unit)
    const [w, u, biasIn, biasRec] = signal.weights
    const h = trace.byKey.h.before, x = trace.xSymbol
    const bias = (value) => (trace.biased ? [value] : [])
    const apply = (total) => [term(`${signal.flips ? "1 − " : ""}${ACT[a.activation]}(${number(total)}) =`)]
    const gate = trace.byKey[signal.rule.scaled_by]
    if (gate && trace.resetAfter) {
      const inner = addUp([a.uh, ...bias(a.biasRec)], DIGITS)
      const outer = addUp([a.wx, ...bias(a.biasIn), a.memoryPart], DIGITS)
      return [
        sum(inner.terms, [`${u} ${h}`, ...bias(biasRec)], inner.total),
        [term(number(a.scale), gate.at), term(`· ${factor(inner.total)}`), term(`= ${number(outer.terms.at(-1))}`, "memory part")],
        sum(outer.terms, [`${w} ${x}`, ...bias(biasIn), "memory part"], outer.total),
        apply(outer.total),
      ]
    }
    const all = addUp([a.wx, ...bias(a.biasIn), a.uh, ...bias(a.biasRec)], DIGITS)
    const memory = gate ? `${u} (${gate.at} ⊙ ${h})` : `${u} ${h}`
    return [sum(all.terms, [`${w} ${x}`, ...bias(biasIn), memory, ...bias(biasRec)], all.total), apply(all.total)]
  },
  blend(trace, signal, step, unit) {
    const { gate, new: candidate } = signal.rule
    const z = trace.value(gate, step, unit), n = trace.value(candidate, step, unit)
    const old = trace.value(signal.key, step - 1, unit)
    const { terms, total } = addUp([(1 - z) * n, z * old], DIGITS, trace.value(signal.key, step, unit))
    const [keep, write] = trace.byKey[gate].flips ? ["1 − ", ""] : ["", "1 − "]
    return [
      [term(number(1 - z), write + trace.byKey[gate].at), term(`· ${factor(n)}`, trace.byKey[candidate].at),
        term(`= ${number(terms[0])}`, "new part")],
      [term(number(z), keep + trace.byKey[gate].at), term(`· ${factor(old)}`, signal.before),
        term(`= ${number(terms[1])}`, "old part")],
      sum(terms, ["new part", "old part"], total).map((t, i) => (i === 2 ? term("=") : t)),
    ]
  },
  memory(trace, signal, step, unit) {
    const { forget, write, new: candidate } = signal.rule
    const [f, i, g] = [forget, write, candidate].map((key) => trace.value(key, step, unit))
    const old = trace.value(signal.key, step - 1, unit)
    const { terms, total } = addUp([f * old, i * g], DIGITS, trace.value(signal.key, step, unit))
    return [
      [term(number(f), trace.byKey[forget].at), term(`· ${factor(old)}`, signal.before), term(`= ${number(terms[0])}`, "kept")],
      [term(number(i), trace.byKey[write].at), term(`· ${factor(g)}`, trace.byKey[candidate].at),
        term(`= ${number(terms[1])}`, "written")],
      sum(terms, ["kept", "written"], total).map((t, k) => (k === 2 ? term("=") : t)),
    ]
  },
  gated(trace, signal, step, unit) {
    const { gate, inner } = signal.rule
    return [[term(number(trace.value(gate, step, unit)), trace.byKey[gate].at),
      term(`· tanh(${number(trace.value(inner, step, unit))})`, `tanh(${trace.byKey[inner].at})`), term("=")]]
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
    const lines = LINES[signal.rule.kind](trace, signal, step, unit).map((terms) =>
      el("div", { class: "line" }, ...terms.map(({ text, label }) =>
        el("span", { class: "term" }, el("span", {}, text), ...(label ? [markup(label, "small")] : [])))))
    lines.at(-1).append(el("b", { style: `color:var(--${signal.key}-ink)`, "data-result": signal.key }, number(value)))
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
