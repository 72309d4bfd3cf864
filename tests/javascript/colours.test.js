import assert from "node:assert/strict"
import test from "node:test"
import { isDark, scale } from "../../gruviz/ui/browser/common/colours.js"
import { traces } from "./modules.js"

const [, trace] = traces()[0]
const channels = (colour) => colour.startsWith("#") ? [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)) : colour.match(/\d+/g).map(Number)

// contrast as WCAG 2 defines it, written from its text
function contrast(one, other) {
  const light = (colour) => channels(colour).map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
  const [high, low] = [light(one), light(other)].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

test("a scale goes through its anchors, and numbers on it can be read", () => {
  for (const [name, hexes] of Object.entries(trace.scales)) {
    const colour = scale(hexes)
    hexes.forEach((hex, i) => assert.deepEqual(channels(colour(i / (hexes.length - 1)).fill), channels(hex), name))
    for (let share = -0.1; share <= 1.1; share += 0.01) {
      const { fill, ink } = colour(share)
      assert.ok(contrast(fill, ink) >= 4.5, `${name} at ${share}: ${ink} on ${fill}`)
    }
    assert.deepEqual([colour(-3), colour(7)], [colour(0), colour(1)])
  }
})

test("a page is dark where light text is read on it; what is no colour is not dark", () => {
  assert.deepEqual(["#0e1117", "#000000", "#FFFFFF", "#f0f2f6", "", "black"].map(isDark), [true, true, false, false, false, false])
})
