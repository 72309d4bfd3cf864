import assert from "node:assert/strict"
import test from "node:test"
import { unpacked } from "../../gruviz/ui/browser/common/wire.js"
import { sample } from "./modules.js"

const given = JSON.parse(String(sample("wire.json")))

test("arrays come out as Python packed them", () => {
  const data = unpacked(sample("wire.bin"))
  assert.equal(data.text, "ĥ “👩🏽‍🚀”")
  assert.deepEqual(Object.keys(data.arrays), Object.keys(given))
  for (const [name, values] of Object.entries(given)) assert.deepEqual([...data.numbers(data.arrays[name])], values, name)
})

test("each type is among them", () => {
  const types = new Set(Object.values(unpacked(sample("wire.bin")).arrays).map(({ type }) => type))
  assert.deepEqual([...types].sort(), ["bits", "f4", "i1"])
})

test("where in memory the bytes are makes no difference", () => {
  const sent = sample("wire.bin"), moved = new Uint8Array(sent.length + 3)
  moved.set(sent, 3)
  const data = unpacked(moved.subarray(3))
  for (const [name, values] of Object.entries(given)) assert.deepEqual([...data.numbers(data.arrays[name])], values, name)
})
