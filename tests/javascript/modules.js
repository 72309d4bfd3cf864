// What the unit tests share: traces as Python sends them, made by samples.py.

import { readFileSync, readdirSync } from "node:fs"
import { unpacked } from "../../gruviz/ui/browser/common/wire.js"
import { Trace } from "../../gruviz/ui/browser/step/trace.js"

const made = new URL("made/", import.meta.url)
export const sample = (name) => readFileSync(new URL(name, made))

// every cell in every notation: [name, trace]
export const traces = () => readdirSync(made).filter((name) => name.endsWith(".bin") && name !== "wire.bin")
  .map((name) => [name.slice(0, -4), new Trace(unpacked(sample(name)))])

// numbers that are the same in every run, evenly between low and high
export function random(seed = 1) {
  let state = seed
  return (low, high) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return low + (high - low) * (state / 2 ** 32)
  }
}
