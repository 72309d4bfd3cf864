import assert from "node:assert/strict"
import test from "node:test"
import { layout, onLine } from "../../gruviz/ui/browser/step/geometry.js"
import { random, traces } from "./modules.js"

test("columns stand side by side in their order, inside the width, at every width", () => {
  for (const [name, trace] of traces()) for (const width of [320, 559, 560, 900, 1600]) {
    const { columns, label } = layout(trace, width)
    assert.equal(columns.length, trace.columns.length)
    let end = label
    for (const { x, width: size, middle, text } of columns) {
      assert.ok(x >= end - 1e-9 && size - text > 10, `${name} at ${width}`)
      assert.ok(Math.abs(middle - x - size / 2) < 1e-9)
      end = x + size
    }
    assert.ok(end <= width + 1e-9, `${name} at ${width}`)
  }
})

test("a value's place on its line grows with it, is symmetric about 0, and stays on the line", () => {
  const draw = random(), column = { x: 100, width: 200, text: 40 }
  const [low, high] = [-2, 2].map((value) => onLine(column, value, 2))
  assert.equal(onLine(column, 0, 2), (low + high) / 2)
  for (let i = 0; i < 500; i++) {
    const a = draw(-5, 5), b = draw(-5, 5), [x, y] = [a, b].map((value) => onLine(column, value, 2))
    assert.ok((x - y) * (a - b) >= 0)
    assert.ok(x >= low && x <= high && low >= column.x && high <= column.x + column.width - column.text)
    assert.ok(Math.abs(x + onLine(column, -a, 2) - low - high) < 1e-9)
  }
})
