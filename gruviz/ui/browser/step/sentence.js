// What happens at the step and to the unit that the stepper shows, in words with their numbers; the gates' names and what
// they do come from the table of signals.

import { insteadOf } from "./changes.js"
import { el } from "../common/dom.js"
import { percent, signed } from "../common/format.js"

const number = (value) => signed(value, 2)

// How a unit's new hidden state comes about, by the kind of its rule.
const BECAUSE = {
  affine: (trace, { key }, step, unit) => {
    const { inputPart, memoryPart, activation } = trace.affine(key, step, unit)
    return `${number(inputPart)} from the input and ${number(memoryPart)} from the old state go into ${activation}`
  },
  blend(trace, { rule }, step, unit) {
    const kept = trace.kept(rule, step, unit), candidate = trace.byKey[rule.new]
    return `its ${trace.byKey[rule.gate].name} keeps ${percent(kept)} of the old state and lets ${percent(1 - kept)} ` +
      `of the ${candidate.name} (${number(trace.value(rule.new, step, unit))}) in`
  },
  memory: (trace, { rule }, step, unit) =>
    `its ${trace.byKey[rule.forget].name} keeps ${percent(trace.value(rule.forget, step, unit))} of the old state, and its ` +
    `${trace.byKey[rule.write].name} lets ${percent(trace.value(rule.write, step, unit))} of the ${trace.byKey[rule.new].name} in`,
  gated: (trace, { rule }, step, unit) =>
    `its ${trace.byKey[rule.gate].name} lets ${percent(trace.value(rule.gate, step, unit))} of tanh of the ` +
    `${trace.byKey[rule.inner].name} (${number(Math.tanh(trace.value(rule.inner, step, unit)))}) out`,
}

function moved(trace, step, unit) {
  const [from, to] = [step - 1, step].map((at) => number(trace.value("h", at, unit)))
  return from === to ? `stays at ${to}` : `goes from ${from} to ${to}`
}

const because = (trace, step, unit) => insteadOf(trace, trace.byKey.h, step, unit)?.replace(/^held/, "it is held") ??
  BECAUSE[trace.byKey.h.rule.kind](trace, trace.byKey.h, step, unit)

export function sentenceOf(trace, step, unit) {
  const mover = trace.mover(step), most = mover === unit
  const others = most ? "" : ` Unit ${mover} moves most: it ${moved(trace, step, mover)}.`
  return `${trace.sentences[step - 1] ?? ""} At step ${step} unit ${unit} ${moved(trace, step, unit)}` +
    `${most ? ", the largest move of all" : ""}: ${because(trace, step, unit)}.${others}`
}

export function createSentence(state) {
  const root = el("p", { class: "sentence" })
  let trace

  function load(next) {
    trace = next
    update()
  }

  // inside a step, what it comes to is not told yet
  function update() {
    root.classList.toggle("later", state.get("op") !== null)
    root.textContent = sentenceOf(trace, state.get("step"), state.get("unit")).trim()
  }

  return { root, load, update }
}
