import assert from "node:assert/strict"
import test from "node:test"
import { briefPercent, fixed, percent, signed } from "../../gruviz/ui/browser/common/format.js"
import { random } from "./modules.js"

test("a negative number has a true minus sign, and what is rounded to 0 has none", () => {
  assert.equal(fixed(-1.25, 1), "−1.3")
  for (const zero of [0, -0, 0.004, -0.004]) assert.equal(fixed(zero, 2), "0.00")
})

test("only what is above 0 as written has a plus", () => {
  assert.deepEqual([0.004, 0.006, -0.006, 0].map((value) => signed(value, 2)), ["0.00", "+0.01", "−0.01", "0.00"])
})

test("a written number is as near to the value as its decimals allow", () => {
  const draw = random()
  for (let i = 0; i < 1000; i++) {
    const value = draw(-50, 50), digits = i % 7
    const read = Number(fixed(value, digits).replace("−", "-"))
    assert.ok(Math.abs(read - value) <= 0.5 * 10 ** -digits + 1e-12, `${value} as ${fixed(value, digits)}`)
    assert.equal(signed(value, digits).replace("+", ""), fixed(value, digits))
  }
})

test("0% is nothing and 100% is all", () => {
  assert.deepEqual([0, 0.004, 0.006, 0.5, 0.994, 0.996, 1].map(percent),
    ["0%", "less than 1%", "1%", "50%", "99%", "more than 99%", "100%"])
  assert.deepEqual([0, 0.004, 0.996, 1].map(briefPercent), ["0%", "<1%", ">99%", "100%"])
})
