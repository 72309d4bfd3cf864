import assert from "node:assert/strict"
import test from "node:test"
import { State } from "../../gruviz/ui/browser/common/state.js"
import { FULL_ROWS, rowCount, rowOrder } from "../../gruviz/ui/browser/step/table.js"
import { random } from "./modules.js"

// units whose hidden states have moved so far at the step that is shown
function moving(units, seed) {
  const draw = random(seed), moves = Array.from({ length: units }, () => draw(-1, 1))
  return { moves, trace: { units, change: (_, unit) => moves[unit] } }
}

const chosen = (patch) => {
  const state = new State()
  state.set(patch)
  return state
}

test("a small layer has a row for each unit, by index or by how far it moved", () => {
  const { moves, trace } = moving(FULL_ROWS, 1)
  assert.deepEqual(rowOrder(trace, chosen({})), moves.map((_, unit) => unit))
  const order = rowOrder(trace, chosen({ sort: "change" }))
  for (let i = 1; i < order.length; i++) assert.ok(Math.abs(moves[order[i]]) <= Math.abs(moves[order[i - 1]]))
  assert.equal(new Set(order).size, FULL_ROWS)
})

test("of a large layer the units that moved most have rows, and the chosen one always", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { moves, trace } = moving(64, seed), still = moves.map(Math.abs).indexOf(Math.min(...moves.map(Math.abs)))
    const order = rowOrder(trace, chosen({ unit: still }))
    assert.equal(order.length, rowCount(trace))
    assert.ok(order.includes(still))
    assert.deepEqual(order, order.toSorted((a, b) => a - b), "by index")
    const least = Math.min(...order.filter((unit) => unit !== still).map((unit) => Math.abs(moves[unit])))
    const left = moves.filter((_, unit) => !order.includes(unit)).map(Math.abs)
    assert.equal(left.filter((move) => move > least).length, 0, "the unit that made way is the next one after the rows")
    assert.equal(rowOrder(trace, chosen({ unit: still, sort: "change" })).at(-1), still)
  }
})
