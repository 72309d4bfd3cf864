// @ts-check
// The lines that compute a signal, from one unit's numbers: terms, each a number with what it is written under it. The
// last line ends in the signal's own value. Every line is true of the digits shown, or is written with ≈.

/** @import { Affine, Blend, Gated, CellUpdate, Rule, Signal } from "../common/payload.d.ts" */
/** @import { Trace } from "./trace.js" */
import { insteadOf } from "./changes.js"
import { addsUp, balanced, decimals, fewest, follows, rounded, trimmed, written } from "./digits.js"
import { fixed } from "../common/format.js"

/** @typedef {string | Node} Label */
/** @typedef {{text: string, label?: Label}} Term a number as it is written, and what is written under it */
/** @typedef {{digits: number, lines: Term[][]}} Lines */
/** @typedef {{values: number[], labels: string[]}} Sum */

/** @typedef {(trace: Trace, signal: Signal, rule: Rule, step: number, unit: number, value: number) => Lines} Writer */

const ACT = { sigmoid: "σ", tanh: "tanh", relu: "relu" }
/** @type {Record<keyof typeof ACT, (sum: number) => number>} */
const APPLY = { sigmoid: (a) => 1 / (1 + Math.exp(-a)), tanh: Math.tanh, relu: (a) => Math.max(0, a) }
const MORE = 5 // decimals that are tried beyond the usual ones before a line is written with ≈
const RESULT = 2 // the same for a signal's own value
const PLAIN = 2 // and for a sum, before its first term takes what rounding leaves over

/** @param {string} text @param {Label} [label] @returns {Term} */
const term = (text, label) => ({ text, label })
/** @param {string} text */
const enclosed = (text) => (text.startsWith("−") ? `(${text})` : text)
/** @param {boolean} ok */
const sign = (ok) => (ok ? "=" : "≈")
/** @param {number[]} factors @param {number} more */
const multiply = (factors, more) => factors.reduce((product, factor) => product * trimmed(factor, more), 1)

/** @param {number[]} values @param {string[]} labels @param {number} digits */
const sum = (values, labels, digits) => values.map((value, i) => term(
  i === 0 ? fixed(value, digits) : value < 0 ? `− ${fixed(-value, digits)}` : `+ ${fixed(value, digits)}`, labels[i]))

/** @param {number[]} terms @param {number} value @param {number} digits */
const total = (terms, value, digits) => term(`${sign(addsUp(terms, value, digits))} ${fixed(value, digits)}`)

// a · b = value, the factors with `more` decimals
/** @param {number[]} factors @param {Label[]} labels @param {number} more @param {number} value @param {number} digits @param {string} [label] */
function product(factors, labels, more, value, digits, label) {
  const texts = factors.map((factor) => written(factor, more))
  return [...texts.map((text, i) => term(i ? `· ${enclosed(text)}` : text, labels[i])),
    term(`${sign(follows(multiply(factors, more), value, digits))} ${fixed(value, digits)}`, label)]
}

// For the fewest decimals of a signal's value: the fewest further ones with which `holds`.
/** @param {number} value @param {(number: number, digits: number) => boolean} holds */
function settle(value, holds) {
  for (let extra = 0; extra <= RESULT; extra++) {
    const digits = decimals(value) + extra, more = fewest(MORE, (number) => holds(number, digits))
    if (more !== null) return { more, digits, exact: true }
  }
  return { more: PLAIN, digits: decimals(value), exact: false }
}

const LINES = {
  /** @param {Trace} trace @param {Signal} signal @param {Affine} rule @param {number} step @param {number} unit @param {number} value @returns {Lines} */
  affine(trace, signal, rule, step, unit, value) {
    const a = trace.affine(signal.key, step, unit)
    const [w, u, biasIn, biasRec] = signal.weights
    const gate = rule.scaled_by === null ? null : trace.byKey[rule.scaled_by], before = trace.byKey.h.before
    /** @template One @param {One} one */
    const bias = (one) => (trace.biased ? [one] : [])
    const parts = { values: [a.wx, ...bias(a.biasIn)], labels: [`${w} ${trace.xSymbol}`, ...bias(biasIn)] }
    const recurrent = { values: [a.uh, ...bias(a.biasRec)],
      labels: [gate && !trace.resetAfter ? `${u} (${gate.at} ⊙ ${before})` : `${u} ${before}`, ...bias(biasRec)] }
    const scaled = gate && trace.resetAfter ? scaling(recurrent, a, gate) : null
    const added = scaled ? { values: [a.recurrentPart], labels: ["recurrent part"] } : recurrent
    const values = [...parts.values, ...added.values], labels = [...parts.labels, ...added.labels]
    const { shift, sign: way } = rule
    /** @param {number} number */
    const activated = (number) => APPLY[a.activation](shift + way * number)
    /** @param {number} number */
    const apply = (number) => (signal.flips ? 1 - activated(number) : activated(number))
    const usual = decimals(...values, a.sum)
    /** @param {string} text */
    const inside = (text) => (shift || way < 0 ? `${shift} ${way < 0 ? "−" : "+"} ${enclosed(text)}` : text)
    const { more, digits, exact } = settle(value, (number, places) =>
      (number >= PLAIN || addsUp(values, a.sum, usual + number)) &&
      follows(apply(rounded(a.sum, usual + number)), value, places) && (!scaled || scaled.more(usual + number) !== null))
    const places = usual + more, shown = balanced(values, a.sum, places)
    return { digits, lines: [
      ...(scaled ? scaled.lines(places) : []),
      [...sum(shown, labels, places), total(shown, a.sum, places)],
      [term(`${signal.flips ? "1 − " : ""}${ACT[a.activation]}(${inside(fixed(a.sum, places))}) ${sign(exact)}`)]] }
  },
  /** @param {Trace} trace @param {Signal} signal @param {Blend} rule @param {number} step @param {number} unit @param {number} value @returns {Lines} */
  blend(trace, signal, rule, step, unit, value) {
    const { gate, new: candidate } = rule
    const z = trace.kept(rule, step, unit), n = trace.value(candidate, step, unit)
    const [keep, write] = trace.byKey[gate].flips !== rule.writes ? ["1 − ", ""] : ["", "1 − "]
    return mixed(value, [
      { factors: [1 - z, n], labels: [write + trace.byKey[gate].at, trace.byKey[candidate].at], name: "new part" },
      { factors: [z, trace.value(signal.key, step - 1, unit)], labels: [keep + trace.byKey[gate].at, signal.before],
        name: "old part" }])
  },
  /** @param {Trace} trace @param {Signal} signal @param {CellUpdate} rule @param {number} step @param {number} unit @param {number} value @returns {Lines} */
  cell_update(trace, signal, rule, step, unit, value) {
    const { forget, write, new: candidate } = rule
    const [f, i, g] = [forget, write, candidate].map((key) => trace.value(key, step, unit))
    return mixed(value, [
      { factors: [f, trace.value(signal.key, step - 1, unit)], labels: [trace.byKey[forget].at, signal.before], name: "kept" },
      { factors: [i, g], labels: [trace.byKey[write].at, trace.byKey[candidate].at], name: "written" }])
  },
  /** @param {Trace} trace @param {Signal} signal @param {Gated} rule @param {number} step @param {number} unit @param {number} value @returns {Lines} */
  gated(trace, signal, rule, step, unit, value) {
    const { gate, inner } = rule
    const open = trace.value(gate, step, unit), content = trace.value(inner, step, unit)
    const { more, digits, exact } = settle(value, (number, places) =>
      follows(trimmed(open, number) * Math.tanh(trimmed(content, number)), value, places))
    return { digits, lines: [[term(written(open, more), trace.byKey[gate].at),
      term(`· tanh(${written(content, more)})`, `tanh(${trace.byKey[inner].at})`), term(sign(exact))]] }
  },
}

// What a reset gate that acts after the product needs: the sum that it scales, with enough decimals for the recurrent part.
/** @param {Sum} recurrent @param {ReturnType<Trace["affine"]>} parts @param {Signal} gate */
function scaling(recurrent, { scale, uh, biasRec, recurrentPart }, gate) {
  const sumOf = uh + biasRec, usual = decimals(...recurrent.values, sumOf)
  /** @param {number} digits */
  const more = (digits) => fewest(MORE, (number) => (number >= PLAIN || addsUp(recurrent.values, sumOf, usual + number)) &&
    follows(trimmed(scale, number) * rounded(sumOf, usual + number), recurrentPart, digits))
  return { more, lines(/** @type {number} */ digits) {
    const further = more(digits), number = further ?? 0, places = usual + number
    const shown = balanced(recurrent.values, sumOf, places)
    return [
      [...sum(shown, recurrent.labels, places), total(shown, sumOf, places)],
      [term(written(scale, number), gate.at), term(`· ${enclosed(fixed(sumOf, places))}`),
        term(`${sign(further !== null)} ${fixed(recurrentPart, digits)}`, "recurrent part")]]
  } }
}

// value = a · b + c · d: two products and their sum
/** @param {number} value @param {{factors: number[], labels: string[], name: string}[]} parts @returns {Lines} */
function mixed(value, parts) {
  const products = parts.map(({ factors }) => factors.reduce((a, b) => a * b)), usual = decimals(...products, value)
  /** @param {number} digits */
  const more = (digits) => fewest(MORE, (number) =>
    parts.every(({ factors }, i) => follows(multiply(factors, number), products[i], digits)))
  const extra = fewest(RESULT + 1, (number) => addsUp(products, value, usual + number) && more(usual + number) !== null)
  const digits = usual + (extra ?? 0), number = more(digits) ?? 0
  return { digits, lines: [
    ...parts.map(({ factors, labels, name }, i) => product(factors, labels, number, products[i], digits, name)),
    [...sum(products, parts.map(({ name }) => name), digits), term(sign(addsUp(products, value, digits)))]] }
}

// The lines, and the value with as many decimals as its last line gives it.
/** @param {Trace} trace @param {Signal} signal @param {number} step @param {number} unit */
export function linesOf(trace, signal, step, unit) {
  const value = trace.shown(signal.key, step, unit)
  const instead = insteadOf(trace, signal, step, unit)
  if (instead) return { lines: [[term(instead)]], result: fixed(value, decimals(value)) }
  const write = /** @type {Writer} */ (LINES[signal.rule.kind])
  const { lines, digits } = write(trace, signal, signal.rule, step, unit, value)
  return { lines, result: fixed(value, digits) }
}

// A single product: a weight and what it multiplies.
/** @param {number[]} factors @param {Label[]} labels */
export function productLine(factors, labels) {
  const value = factors.reduce((a, b) => a * b), digits = decimals(value)
  const more = fewest(MORE, (number) => follows(multiply(factors, number), value, digits))
  return product(factors, labels, more ?? MORE, value, digits) // as near as it gets
}
