import assert from "node:assert/strict"
import test from "node:test"
import { State, nextOperation, previousOperation, toStep } from "../../gruviz/ui/browser/common/state.js"

const stepped = (steps, operations) => ({ steps, labels: [], operations: Array(operations).fill(null) })

test("listeners hear of what changed, and of nothing else", () => {
  const state = new State(), heard = []
  state.subscribe((changed) => heard.push([...changed]))
  state.set({ step: 2, unit: 0 })
  state.set({ step: 2 })
  state.set({ playing: true, op: null })
  assert.deepEqual(heard, [["step"], ["playing"]])
  assert.equal(state.get("step"), 2)
})

test("steps stay inside the sequence", () => {
  assert.deepEqual([-3, 0, 1, 4, 5, 99].map((step) => toStep(stepped(4, 1), step).step), [1, 1, 1, 4, 4, 4])
})

for (const operations of [1, 2, 4, 6])
  test(`with ${operations} operations a step, going on reaches each of them once, and back leads the same way`, () => {
    const trace = stepped(3, operations), state = new State(), places = []
    const here = () => `${state.get("step")} ${state.get("op")}`
    const walk = (move) => {
      const found = [here()]
      for (let i = 0; i < 100; i++) {
        state.set(move(trace, state))
        if (here() === found.at(-1)) break
        found.push(here())
      }
      return found
    }
    places.push(...walk(nextOperation))
    assert.equal(places.length, 1 + 2 * operations) // from step 1 complete: all operations of steps 2 and 3
    assert.equal(new Set(places).size, places.length)
    assert.equal(places.at(-1), "3 null")
    const back = walk(previousOperation)
    assert.deepEqual(back.slice(0, places.length), places.toReversed())
    assert.equal(back.at(-1), operations === 1 ? "1 null" : "1 0")
  })
