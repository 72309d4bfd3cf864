import assert from "node:assert/strict"
import test from "node:test"
import { MEANING } from "../../gruviz/ui/browser/step/arithmetic.js"
import { dependencies } from "../../gruviz/ui/browser/step/diagram.js"
import { boxOf, explained } from "../../gruviz/ui/browser/step/explain.js"
import { layout } from "../../gruviz/ui/browser/step/geometry.js"
import { traces } from "./modules.js"

const numbers = (text) => text.match(/[+−]?\d+\.\d+/g).map((number) => Number(number.replace("−", "-")))
const places = (trace) => Array.from({ length: trace.steps * trace.units }, (_, i) => [1 + Math.floor(i / trace.units), i % trace.units])

// what a reader makes of the numbers in the second sentence, by the rule of the signal
const RESULT = {
  blend: ([keep, old, write, fresh]) => keep * old + write * fresh,
  cell_update: ([keep, old, write, fresh]) => keep * old + write * fresh,
  gated: ([open, squeezed]) => open * squeezed,
}

test("the numbers that a box is explained with come to its result", () => {
  for (const [name, trace] of traces())
    for (const column of trace.columns) for (const [step, unit] of places(trace)) {
      const text = explained(trace, column, step, unit), { kind } = trace.byKey[column.signal].rule
      assert.ok(text.includes(` Unit ${unit} at step ${step}: `) && text.endsWith("."), text)
      const said = numbers(text), combined = RESULT[kind]
      if (column.kind === "square") assert.ok(Math.abs(said[0] - trace.value(column.signal, column.when === "now" ? step : step - 1, unit)) <= 0.005001, text)
      else if (combined) assert.ok(Math.abs(combined(said) - said.at(-1)) < 0.025, `${name}: ${text}`)
    }
})

test("a gate's shares are all of it, and the word for its ends agrees with what it does", () => {
  for (const [name, trace] of traces())
    for (const signal of trace.operations.filter(({ ends }) => ends)) {
      const said = [0.25, 1].map((value) => MEANING[signal.role](value, signal, trace))
      assert.match(said[0], /25%/, `${name}, ${signal.key}`)
      const shares = said[0].match(/\d+%/g).map((share) => parseInt(share))
      if (shares.length > 1) assert.equal(shares.reduce((a, b) => a + b), 100, said[0])
      const [one] = signal.ends
      if (/^keeps/.test(one)) assert.match(said[1], /^keeps 100%/)
      if (/^writes/.test(one)) assert.match(said[1], /^writes 100%/)
    }
})

test("every box of the diagram has a name of its own", () => {
  for (const [name, trace] of traces()) assert.equal(new Set(trace.columns.map(boxOf)).size, trace.columns.length, name)
})

test("a wire leads to a node from each signal that its rule names", () => {
  for (const [name, trace] of traces()) for (const column of layout(trace, 900).columns) {
    if (column.when === "before" || column.kind === "square") continue
    const named = Object.values(column.rule).filter((value) => value in trace.byKey)
    const now = dependencies(trace, column).filter(({ when }) => when === "now").map(({ key }) => key)
    assert.deepEqual(now.toSorted(), named.toSorted(), `${name}, ${column.signal}`)
    const old = dependencies(trace, column).some(({ when }) => when === "before")
    assert.equal(old, ["blend", "cell_update"].includes(column.kind), "only what is carried on comes from the step before")
  }
})
