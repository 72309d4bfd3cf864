import assert from "node:assert/strict"
import test from "node:test"
import { hold, holdOf, isSkipped, read, shift, shiftOf, skip, unknown } from "../../gruviz/ui/browser/step/changes.js"

const always = { first: 1, last: 9, units: null }

test("shifts of a bias add up where they act, and nowhere else", () => {
  const changes = [{ ...always, kind: "shift", block: 0, by: 1 }, { kind: "shift", block: 0, by: 0.5, first: 3, last: 4, units: [2] }]
  assert.deepEqual([[0, 3, 2], [0, 3, 1], [0, 5, 2], [1, 3, 2]].map(([block, step, unit]) => shiftOf(changes, block, step, unit)), [1.5, 1, 1, 0])
})

test("the last hold counts", () => {
  const changes = [{ ...always, kind: "hold", signal: "z", value: 1 }, { kind: "hold", signal: "z", value: 0, first: 2, last: 2, units: [0] }]
  assert.deepEqual([[2, 0], [2, 1], [3, 0]].map(([step, unit]) => holdOf(changes, "z", step, unit).value), [0, 1, 1])
  assert.equal(holdOf(changes, "r", 2, 0), null)
})

test("a skipped step is skipped for every unit", () => {
  assert.deepEqual([1, 2, 3].map((step) => isSkipped([{ kind: "skip", first: 2, last: 2 }], step)), [false, true, false])
})

test("interventions are written as the link has them", () => {
  assert.deepEqual([hold("z", 1, "3", "2-end"), hold("h", 0, null, null), shift("r", "0.50", null, 4), skip(4), unknown(2)],
    ["z[3]@2-end=1", "h=0", "r@4+=0.5", "skip@4", "unknown@2"])
  assert.equal(read(2, " 50%; so "), "read@2=50%25%3B so")
})
