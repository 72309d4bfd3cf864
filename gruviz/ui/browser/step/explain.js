// @ts-check
// Two sentences on a box of the diagram: what it does, and what it comes to for the chosen unit at this step.

/** @import { Blend, Column, Gated, CellUpdate, Rule, Signal } from "../common/payload.d.ts" */
/** @import { Trace } from "./trace.js" */
/** @typedef {{trace: Trace, signal: Signal, step: number, unit: number}} At */
import { MEANING } from "./arithmetic.js"
import { fixed, signed } from "../common/format.js"

/** @param {number} value */
const number = (value) => signed(value, 2)
/** @param {string} html */
const plain = (html) => html.replace(/<su[bp]>(.*?)<\/su[bp]>/g, "$1") // a symbol inside a sentence

/** @param {At} at @param {[string, string]} ends @returns {[string, string]} */
const gate = ({ trace, signal, step, unit }, [one, zero]) => {
  const value = trace.shown(signal.key, step, unit), meaning = MEANING[signal.role]?.(value, signal, trace)
  return [`The ${signal.name} looks at the input and the old state, and sets a number between 0 and 1 for each unit: ` +
    `1 ${one}, 0 ${zero}.`, `${plain(signal.symbol)} = ${fixed(value, 2)}${meaning ? `: it ${meaning}` : ""}`]
}

const BY_RULE = {
  /** @param {At} at @returns {[string, string]} */
  affine(at) {
    const { trace, signal, step, unit } = at
    if (signal.ends) return gate(at, signal.ends)
    const { inputPart, recurrentPart, activation } = trace.affine(signal.key, step, unit)
    const through = trace.scalerOf(signal)
    return [`The ${signal.name} is made of this input and the old state` +
      `${through ? `, as much of it as the ${through.name} lets through` : ""}, squeezed between −1 and 1.`,
      `${number(inputPart)} from the input and ${number(recurrentPart)} from the old state go into ${activation}, ` +
      `which makes ${number(trace.value(signal.key, step, unit))}`]
  },
  /** @param {At} at @param {Blend} rule @returns {[string, string]} */
  blend({ trace, signal, step, unit }, rule) {
    const kept = trace.kept(rule, step, unit)
    return [`The crossfade moves each unit from its old state towards the candidate; ` +
      `the ${trace.byKey[rule.gate].name} says how far, so the new state always lies between the two.`,
      `${fixed(kept, 2)} of ${number(trace.value(signal.key, step - 1, unit))} and ${fixed(1 - kept, 2)} of ` +
      `${number(trace.value(rule.new, step, unit))} make ${number(trace.value(signal.key, step, unit))}`]
  },
  /** @param {At} at @param {CellUpdate} rule @returns {[string, string]} */
  cell_update({ trace, signal, step, unit }, { forget, write, new: candidate }) {
    return [`The ${signal.name} is what the ${trace.byKey[forget].name} keeps of the old one, plus what the ` +
      `${trace.byKey[write].name} lets in of the candidate.`,
      `${fixed(trace.value(forget, step, unit), 2)} of ${number(trace.value(signal.key, step - 1, unit))} and ` +
      `${fixed(trace.value(write, step, unit), 2)} of ${number(trace.value(candidate, step, unit))} make ` +
      number(trace.value(signal.key, step, unit))]
  },
  /** @param {At} at @param {Gated} rule @returns {[string, string]} */
  gated({ trace, signal, step, unit }, { gate: key, inner }) {
    return [`The ${signal.name} is the ${trace.byKey[inner].name} squeezed between −1 and 1, as much of it as the ` +
      `${trace.byKey[key].name} lets out.`, `${fixed(trace.value(key, step, unit), 2)} of ` +
      `${number(Math.tanh(trace.value(inner, step, unit)))} makes ${number(trace.value(signal.key, step, unit))}`]
  },
}

/** @type {Record<Column["when"], (at: At) => [string, string]>} */
const SQUARE = {
  before: ({ trace, signal, step, unit }) => [`The ${signal.name} before the step: all that the layer still knows of what ` +
    `it has read so far.`, `it holds ${number(trace.value(signal.key, step - 1, unit))}`],
  now: ({ trace, signal, step, unit }) => [`The ${signal.name} after the step: it goes into the next step, and an answer ` +
    `is read from it.`, `it holds ${number(trace.value(signal.key, step, unit))}, after ` +
    number(trace.value(signal.key, step - 1, unit))],
}

/** @param {Column} column */
export const boxOf = ({ signal, when, kind }) => `${kind === "square" ? when : "made"}:${signal}`

/** @param {Trace} trace @param {Column} column @param {number} step @param {number} unit */
export function explained(trace, column, step, unit) {
  const at = { trace, signal: trace.byKey[column.signal], step, unit }, { rule } = at.signal
  const explain = /** @type {(at: At, rule: Rule) => [string, string]} */ (BY_RULE[rule.kind])
  const [does, comes] = column.kind === "square" ? SQUARE[column.when](at) : explain(at, rule)
  return `${does} Unit ${unit} at step ${step}: ${comes}.`
}
