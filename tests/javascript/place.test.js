import assert from "node:assert/strict"
import test from "node:test"
import { readPlace, writtenPlace } from "../../gruviz/ui/browser/common/place.js"
import { State } from "../../gruviz/ui/browser/common/state.js"
import { traces } from "./modules.js"

const [, trace] = traces()[0]
const several = { steps: 5, labels: [], operations: [null] }

test("what is written is read as it was", () => {
  for (const values of [{}, { step: 3, unit: 2 }, { step: 2, op: 1, sort: "change" }, { step: trace.steps, op: 0, unit: 1 }]) {
    const state = new State()
    state.set(values)
    const written = Object.entries(writtenPlace(trace, state)).filter(([, value]) => value !== null)
    const { chosen, notices } = readPlace(Object.fromEntries(written.map(([name, value]) => [name, String(value)])), trace)
    assert.deepEqual(notices, [])
    const again = new State()
    again.set(chosen)
    for (const name of ["step", "op", "unit", "sort"]) assert.equal(again.get(name), state.get(name), name)
  }
})

test("what a link can't have is left out, with a sentence each that names it and what there is", () => {
  for (const [asked, what] of [[{ step: "0" }, "1 to 4"], [{ step: "5" }, "1 to 4"], [{ step: "1e0" }, "1 to 4"], [{ step: "" }, "1 to 4"],
    [{ unit: "3" }, "0 to 2"], [{ unit: "-1" }, "0 to 2"], [{ op: "x" }, "0 to"], [{ sort: "size" }, "index and change"]]) {
    const { chosen, notices } = readPlace(asked, trace)
    assert.deepEqual(chosen, {})
    assert.equal(notices.length, 1)
    assert.ok(notices[0].includes(`“${Object.values(asked)[0]}”`) && notices[0].includes(what), notices[0])
  }
})

test("a long value is cut", () => {
  assert.ok(readPlace({ step: "9".repeat(500) }, trace).notices[0].length < 100)
})

test("several cells beside each other have a step and no unit", () => {
  assert.deepEqual(readPlace({ step: "2", unit: "1", op: "9", sort: "?" }, several), { chosen: { step: 2 }, notices: [] })
  assert.deepEqual(writtenPlace(several, new State()), { step: 1 })
})
