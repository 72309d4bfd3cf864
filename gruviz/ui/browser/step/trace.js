// @ts-check
// The traced sequence as the server sent it, and the arithmetic behind any unit at any step.

/** @import { Affine, Blend, Change, Numbers, Placed, Signal, StepPayload, Unpacked, Weights } from "../common/payload.d.ts" */
import { shiftOf } from "./changes.js"

/** @typedef {Omit<StepPayload, "values" | "initial" | "inputs" | "weights" | "operations">} Kept */

// id, cell, steps, units, features, labels, known, signals, columns, ...
class Sent {
  /** @param {StepPayload} data */
  constructor(data) {
    Object.assign(this, data)
  }
}

export class Trace extends /** @type {new (data: StepPayload) => Kept} */ (Sent) {
  /** @param {StepPayload & Unpacked} data */
  constructor(data) {
    super(data)
    /** @param {Record<string, Placed>} group @returns {Record<string, Numbers>} */
    const all = (group) => Object.fromEntries(Object.entries(group).map(([key, places]) => [key, data.numbers(places)]))
    this.values = all(data.values)
    this.initial = all(data.initial)
    /** @type {Weights<Numbers>} */
    this.weights = {
      input: data.numbers(data.weights.input), recurrent: data.numbers(data.weights.recurrent),
      inputBias: data.numbers(data.weights.inputBias), recurrentBias: data.numbers(data.weights.recurrentBias),
    }
    this.inputs = data.numbers(data.inputs)
    this.bars = data.answer && data.numbers(data.answer.bars)
    /** @type {Record<string, Signal>} */
    this.byKey = Object.fromEntries(data.signals.map((signal) => [signal.key, signal]))
    this.operations = data.operations.map((key) => this.byKey[key])
    /** @type {Change[]} */
    this.changes = data.whatIf?.changes ?? []
    /** @type {Record<string, number>} */
    this.reach = Object.fromEntries(data.signals.map((s) => [s.key, s.bounds?.[1] ?? this.#largest(s.key)]))
    /** @type {Trace | null} the run behind, with its own numbers */
    this.ghost = data.whatIf?.ghost ? new Trace({ ...data, ...data.whatIf.ghost, answer: null, whatIf: null }) : null
  }

  /** @param {string} key */
  #largest(key) {
    let most = 1e-6
    for (const value of this.values[key]) most = Math.max(most, Math.abs(value))
    return most
  }

  // step counts from 1; the state before step 1 is the initial one
  /** @param {string} key @param {number} step @param {number} unit */
  value(key, step, unit) {
    return step > 0 ? this.values[key][(step - 1) * this.units + unit] : this.initial[key][unit]
  }

  // a value as the notation shows it: an update gate whose 1 means "write" is turned over
  /** @param {string} key @param {number} step @param {number} unit */
  shown(key, step, unit) {
    const value = this.value(key, step, unit)
    return this.byKey[key].flips ? 1 - value : value
  }

  // the share of the old value that a blend keeps
  /** @param {Blend} rule @param {number} step @param {number} unit */
  kept(rule, step, unit) {
    const gate = this.value(rule.gate, step, unit)
    return rule.writes ? 1 - gate : gate
  }

  /** @param {number} step @param {number} unit */
  change(step, unit) {
    return this.value("h", step, unit) - this.value("h", step - 1, unit)
  }

  /** @param {number} step */
  meanChange(step) {
    let sum = 0
    for (let unit = 0; unit < this.units; unit++) sum += Math.abs(this.change(step, unit))
    return sum / this.units
  }

  // the unit that moves most at a step
  /** @param {number} step */
  mover(step) {
    let most = 0
    for (let unit = 1; unit < this.units; unit++)
      if (Math.abs(this.change(step, unit)) > Math.abs(this.change(step, most))) most = unit
    return most
  }

  /** @param {string} key */
  #affine(key) {
    const { rule } = this.byKey[key]
    if (rule.kind !== "affine") throw new TypeError(`${key} is no sum of products`)
    return rule
  }

  // the gate that scales what comes from the old state; null where none does
  /** @param {Signal} signal */
  scalerOf({ rule }) {
    return rule.kind === "affine" && rule.scaled_by !== null ? this.byKey[rule.scaled_by] : null
  }

  // act(W x + b_i + recurrent part): every term of one unit's gate or candidate
  /** @param {string} key @param {number} step @param {number} unit */
  affine(key, step, unit) {
    const rule = this.#affine(key)
    const row = rule.block * this.units + unit
    const { input, recurrent, inputBias, recurrentBias } = this.weights
    const { scaled_by: by } = rule, gate = by === null ? null : (/** @type {number} */ j) => this.value(by, step, j)
    const before = this.resetAfter ? null : gate // then the gate scales the state itself
    let wx = 0, uh = 0, fullState = 0
    for (let d = 0; d < this.features; d++)
      wx += input[row * this.features + d] * this.inputs[(step - 1) * this.features + d]
    for (let j = 0; j < this.units; j++) {
      const product = recurrent[row * this.units + j] * this.value("h", step - 1, j)
      fullState += product
      uh += before ? product * before(j) : product
    }
    const biasIn = inputBias[row] + shiftOf(this.changes, rule.block, step, unit), biasRec = recurrentBias[row]
    const scale = gate && this.resetAfter ? gate(unit) : 1
    const inputPart = wx + biasIn
    const recurrentPart = scale * (uh + biasRec)
    const activation = rule.activation === "cell" ? this.activation : rule.activation
    return {
      wx, uh, biasIn, biasRec, scale, inputPart, recurrentPart, activation,
      fullRecurrent: fullState + biasRec, // what the reset gate would have let through fully open
      sum: inputPart + recurrentPart,
      total: rule.shift + rule.sign * (inputPart + recurrentPart), // what the activation is applied to
    }
  }

  // The products W x and U h that are largest for a unit's gate or candidate, none that is 0: each with its factors
  /** @param {string} key @param {number} step @param {number} unit @param {number} most */
  largestProducts(key, step, unit, most) {
    const rule = this.#affine(key), row = rule.block * this.units + unit
    const { input, recurrent } = this.weights
    const gate = this.resetAfter ? null : rule.scaled_by
    const fromInput = Array.from({ length: this.features }, (_, d) => ({ from: "input", index: d,
      factors: [input[row * this.features + d], this.inputs[(step - 1) * this.features + d]] }))
    const fromState = Array.from({ length: this.units }, (_, j) => ({ from: "state", index: j,
      factors: [recurrent[row * this.units + j], this.value("h", step - 1, j), ...(gate ? [this.value(gate, step, j)] : [])] }))
    /** @param {{factors: number[]}} product */
    const size = ({ factors }) => Math.abs(factors.reduce((a, b) => a * b))
    return [...fromInput, ...fromState].filter((product) => size(product) > 0).sort((a, b) => size(b) - size(a)).slice(0, most)
  }
}
