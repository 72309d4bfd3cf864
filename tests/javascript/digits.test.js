import assert from "node:assert/strict"
import test from "node:test"
import { addsUp, balanced, decimals, fewest, follows, rounded, trimmed, written } from "../../gruviz/ui/browser/step/digits.js"
import { random } from "./modules.js"

const parsed = (text) => Number(text.replace("−", "-"))

test("large numbers have fewer decimals, so that about eight figures are shown", () => {
  assert.deepEqual([0, 0.5, -999, 1000, 12345, -1e7, 1e12].map((value) => decimals(value)), [4, 4, 4, 4, 2, 0, 0])
  assert.equal(decimals(0.1, -20000), decimals(20000), "the largest decides")
})

test("what is written is what is computed with", () => {
  const draw = random()
  for (let i = 0; i < 500; i++) {
    const value = draw(-1, 1) * 10 ** draw(-4, 6), more = i % 5
    assert.equal(parsed(written(value, more)), trimmed(value, more))
  }
})

test("a result follows from its line where a calculator rounds to it, and never at a tie", () => {
  assert.ok(follows(0.12344, 0.1234, 4))
  assert.ok(!follows(0.12346, 0.1234, 4))
  assert.ok(!follows(0.5, 0, 0) && !follows(0.5, 1, 0))
})

test("balanced terms add up to the total as written, and only the first may change", () => {
  const draw = random()
  let changed = 0
  for (let i = 0; i < 2000; i++) {
    const terms = Array.from({ length: 2 + (i % 4) }, () => draw(-2, 2)), total = terms.reduce((a, b) => a + b), digits = 2 + (i % 4)
    const shown = balanced(terms, total, digits)
    assert.ok(addsUp(shown, total, digits))
    assert.deepEqual(shown.slice(1), terms.slice(1))
    assert.ok(Math.abs(shown[0] - terms[0]) <= terms.length * 10 ** -digits)
    if (addsUp(terms, total, digits)) assert.equal(shown, terms)
    else changed++
  }
  assert.ok(changed > 100, "rounded terms often do not add up")
})

test("sums beyond what a double counts exactly are not said to add up", () => {
  assert.ok(!addsUp([2 ** 53, 1], 2 ** 53 + 1, 0))
})

test("the fewest is the first that holds, or null", () => {
  assert.equal(fewest(5, (number) => number >= 3), 3)
  assert.equal(fewest(5, () => false), null)
  assert.equal(rounded(-0.00004, 4), -0)
})
