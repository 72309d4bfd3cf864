import assert from "node:assert/strict"
import test from "node:test"
import { every } from "../../gruviz/ui/browser/common/ticks.js"

const row = (count, apart, width, slant = 0) => Array.from({ length: count }, (_, i) => ({ x: i * apart, width, slant }))

test("labels with room are all shown, others thin out until they have it", () => {
  assert.equal(every(row(10, 40, 30)), 1)
  assert.equal(every(row(10, 30, 30)), 2)
  assert.equal(every(row(40, 10, 30)), 4)
  assert.equal(every([]), 1)
  assert.equal(every(row(3, 0, 30)), 3) // one is always left
})

test("slanted ones need the height of a line between them, not their length", () => {
  assert.equal(every(row(10, 20, 80, -45)), 1)
  assert.equal(every(row(40, 8, 80, -60)), 2)
})

test("one long label thins out all of them alike", () => {
  const labels = row(6, 40, 20)
  labels[4].width = 70
  assert.equal(every(labels), 2)
})
