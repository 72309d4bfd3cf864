import assert from "node:assert/strict"
import test from "node:test"
import { decimals } from "../../gruviz/ui/browser/step/digits.js"
import { linesOf, productLine } from "../../gruviz/ui/browser/step/lines.js"
import { traces } from "./modules.js"

// A line as a person with a calculator reads it: what is left of the sign, and what is written on its right.
function computed(text) {
  const [left, right] = text.split(/[=≈]/)
  const written = left.replaceAll("−", "-").replaceAll("·", "*").replaceAll("σ(", "sigmoid(").replaceAll(/- -/g, "+ ")
  const value = Function("sigmoid", "tanh", "relu", `return ${written}`)(
    (a) => 1 / (1 + Math.exp(-a)), Math.tanh, (a) => Math.max(0, a))
  const result = right.trim().replace("−", "-")
  return { value, result: Number(result), digits: result.split(".")[1]?.length ?? 0 }
}

for (const [name, trace] of traces())
  test(`every line of ${name} is true of the digits shown`, () => {
    let lines = 0
    for (let step = 1; step <= trace.steps; step++)
      for (let unit = 0; unit < trace.units; unit++)
        for (const signal of trace.operations) {
          const found = linesOf(trace, signal, step, unit)
          for (const [i, line] of found.lines.entries()) {
            const last = i === found.lines.length - 1
            const text = line.map((term) => term.text).join(" ") + (last ? ` ${found.result}` : "")
            const { value, result, digits } = computed(text)
            assert.ok(Math.abs(value - result) <= 0.5 * 10 ** -digits + 1e-9, text)
            assert.ok(!text.includes("≈"), text)
            lines++
          }
          const shown = trace.shown(signal.key, step, unit), result = Number(found.result.replace("−", "-"))
          assert.ok(Math.abs(shown - result) <= 0.5 * 10 ** -decimals(shown), `${found.result} is ${shown}`)
        }
    assert.ok(lines >= 2 * trace.steps * trace.units * trace.operations.length)
  })

test("the largest products come first, are those of the sum, and their lines are true", () => {
  for (const [name, trace] of traces())
    for (const signal of trace.operations.filter(({ rule }) => rule.kind === "affine")) {
      const all = trace.largestProducts(signal.key, 2, 1, 1000), few = trace.largestProducts(signal.key, 2, 1, 2)
      const value = ({ factors }) => factors.reduce((a, b) => a * b)
      assert.deepEqual(few, all.slice(0, 2))
      for (let i = 1; i < all.length; i++) assert.ok(Math.abs(value(all[i])) <= Math.abs(value(all[i - 1])))
      const { wx, uh } = trace.affine(signal.key, 2, 1)
      assert.ok(Math.abs(all.reduce((sum, one) => sum + value(one), 0) - wx - uh) < 1e-12, name)
      for (const { factors } of few) {
        const text = productLine(factors, []).map((term) => term.text).join(" ")
        const line = computed(text)
        assert.ok(Math.abs(line.value - line.result) <= 0.5 * 10 ** -line.digits, text)
      }
    }
})

test("the arithmetic of a trace gives the values that Python computed", () => {
  const act = { sigmoid: (a) => 1 / (1 + Math.exp(-a)), tanh: Math.tanh, relu: (a) => Math.max(0, a) }
  for (const [name, trace] of traces())
    for (const { key, rule } of trace.operations) for (let step = 1; step <= trace.steps; step++) for (let unit = 0; unit < trace.units; unit++) {
      const at = (other, when = step) => trace.value(other, when, unit)
      const expected = {
        affine: () => { const { activation, total } = trace.affine(key, step, unit); return act[activation](total) },
        blend: () => { const kept = trace.kept(rule, step, unit); return kept * at(key, step - 1) + (1 - kept) * at(rule.new) },
        cell_update: () => at(rule.forget) * at(key, step - 1) + at(rule.write) * at(rule.new),
        gated: () => at(rule.gate) * Math.tanh(at(rule.inner)),
      }[rule.kind]()
      assert.ok(Math.abs(at(key) - expected) < 1e-6, `${name}, ${key}, step ${step}, unit ${unit}`)
    }
})
