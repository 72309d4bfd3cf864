import assert from "node:assert/strict"
import test from "node:test"
import { sentenceOf } from "../../gruviz/ui/browser/step/sentence.js"
import { traces } from "./modules.js"

const number = (text) => Number(text.replace("−", "-"))

test("a unit goes from its old state to its new one, and the unit that moves most is named", () => {
  for (const [name, trace] of traces()) for (let step = 1; step <= trace.steps; step++) {
    const moves = Array.from({ length: trace.units }, (_, unit) => Math.abs(trace.value("h", step, unit) - trace.value("h", step - 1, unit)))
    const mover = moves.indexOf(Math.max(...moves))
    for (let unit = 0; unit < trace.units; unit++) {
      const text = sentenceOf(trace, step, unit)
      const [, from, to] = text.match(/unit \d+ (?:goes from (\S+) to|stays at) ([+−]?\d+\.\d+)/)
      assert.ok(Math.abs(number(to) - trace.value("h", step, unit)) <= 0.005001, text)
      if (from) assert.ok(Math.abs(number(from) - trace.value("h", step - 1, unit)) <= 0.005001, text)
      if (unit === mover) assert.match(text, /, the largest move of all: /, name)
      else assert.match(text, new RegExp(` Unit ${mover} moves most: it `), name)
    }
  }
})

test("at the place of a story it tells the story, where that is long enough to stand alone", () => {
  const [, trace] = traces()[0], story = "What happens here is worth a sentence of its own. ".repeat(3)
  const here = Object.assign(Object.create(trace), { told: [2, 0], sentences: ["", story, ""] })
  assert.equal(sentenceOf(here, 2, 1), story)
  here.sentences = ["", "In short.", ""]
  assert.match(sentenceOf(here, 2, 1), /^In short\. At step 2 unit 1 /)
})

test("a step that is skipped and a state that is held are said instead of the rule", () => {
  const [, trace] = traces()[0]
  const changed = (change) => Object.assign(Object.create(trace), { changes: [change] })
  assert.match(sentenceOf(changed({ kind: "skip", first: 2, last: 2 }), 2, 0), /: this step is skipped: the state goes on as it was\./)
  const held = { kind: "hold", first: 1, last: 3, units: [1], signal: "h", value: 0 }
  assert.match(sentenceOf(changed(held), 2, 1), /: it is held at [+−]?\d+\.\d+\./)
  assert.doesNotMatch(sentenceOf(changed(held), 2, 0), /is held/)
})
