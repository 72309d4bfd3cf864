// The traced sequence as the server sent it, and the arithmetic behind any unit at any step.

import { shiftOf } from "./changes.js"
import { ghostOf } from "./ghost.js"

export class Trace {
  constructor(data) {
    Object.assign(this, data) // id, cell, steps, units, features, labels, known, signals, columns, ...
    const all = (group) => Object.fromEntries(Object.entries(group).map(([key, places]) => [key, data.numbers(places)]))
    this.values = all(data.values)
    this.initial = all(data.initial)
    this.weights = all(data.weights)
    this.inputs = data.numbers(data.inputs)
    this.bars = data.answer && data.numbers(data.answer.bars)
    this.byKey = Object.fromEntries(data.signals.map((signal) => [signal.key, signal]))
    this.operations = data.operations.map((key) => this.byKey[key])
    this.changes = data.whatIf?.changes ?? []
    this.reach = Object.fromEntries(data.signals.map((s) => [s.key, s.bounds?.[1] ?? this.#largest(s.key)]))
    this.ghost = ghostOf(this, data)
  }

  #largest(key) {
    return this.values[key].reduce((most, v) => Math.max(most, Math.abs(v)), 1e-6)
  }

  // step counts from 1; the state before step 1 is the initial one
  value(key, step, unit) {
    return step > 0 ? this.values[key][(step - 1) * this.units + unit] : this.initial[key][unit]
  }

  // a value as the notation shows it: an update gate whose 1 means "write" is turned over
  shown(key, step, unit) {
    const value = this.value(key, step, unit)
    return this.byKey[key].flips ? 1 - value : value
  }

  // the share of the old value that a blend keeps
  kept(rule, step, unit) {
    const gate = this.value(rule.gate, step, unit)
    return rule.writes ? 1 - gate : gate
  }

  change(step, unit) {
    return this.value("h", step, unit) - this.value("h", step - 1, unit)
  }

  meanChange(step) {
    let sum = 0
    for (let unit = 0; unit < this.units; unit++) sum += Math.abs(this.change(step, unit))
    return sum / this.units
  }

  // the unit that moves most at a step
  mover(step) {
    let most = 0
    for (let unit = 1; unit < this.units; unit++)
      if (Math.abs(this.change(step, unit)) > Math.abs(this.change(step, most))) most = unit
    return most
  }

  // act(W x + b_i + memory): every term of one unit's gate or candidate
  affine(key, step, unit) {
    const { rule } = this.byKey[key]
    const row = rule.block * this.units + unit
    const { input, recurrent, inputBias, recurrentBias } = this.weights
    const gate = rule.scaled_by && ((j) => this.value(rule.scaled_by, step, j))
    const before = gate && !this.resetAfter // then the gate scales the state itself
    let wx = 0, uh = 0, fullState = 0
    for (let d = 0; d < this.features; d++)
      wx += input[row * this.features + d] * this.inputs[(step - 1) * this.features + d]
    for (let j = 0; j < this.units; j++) {
      const product = recurrent[row * this.units + j] * this.value("h", step - 1, j)
      fullState += product
      uh += before ? product * gate(j) : product
    }
    const biasIn = inputBias[row] + shiftOf(this.changes, rule.block, step, unit), biasRec = recurrentBias[row]
    const scale = gate && this.resetAfter ? gate(unit) : 1
    const inputPart = wx + biasIn
    const memoryPart = scale * (uh + biasRec)
    const activation = rule.activation === "cell" ? this.activation : rule.activation
    return {
      wx, uh, biasIn, biasRec, scale, inputPart, memoryPart, activation,
      fullMemory: fullState + biasRec, // what the reset gate would have let through fully open
      sum: inputPart + memoryPart,
      total: rule.shift + rule.sign * (inputPart + memoryPart), // what the activation is applied to
    }
  }

  // The products W x and U h that are largest for a unit's gate or candidate, none that is 0: each with its factors
  largestProducts(key, step, unit, most) {
    const { rule } = this.byKey[key], row = rule.block * this.units + unit
    const { input, recurrent } = this.weights
    const gated = rule.scaled_by && !this.resetAfter
    const fromInput = Array.from({ length: this.features }, (_, d) => ({ from: "input", index: d,
      factors: [input[row * this.features + d], this.inputs[(step - 1) * this.features + d]] }))
    const fromState = Array.from({ length: this.units }, (_, j) => ({ from: "state", index: j,
      factors: [recurrent[row * this.units + j], this.value("h", step - 1, j), ...(gated ? [this.value(rule.scaled_by, step, j)] : [])] }))
    const size = ({ factors }) => Math.abs(factors.reduce((a, b) => a * b))
    return [...fromInput, ...fromState].filter((product) => size(product) > 0).sort((a, b) => size(b) - size(a)).slice(0, most)
  }
}
