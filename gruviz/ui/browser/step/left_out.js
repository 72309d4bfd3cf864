// @ts-check
// Under each token a bar: by how much the answer after the step that is shown changes without that token.

/** @import { Placed } from "../common/payload.d.ts" */
/** @import { State } from "../common/state.js" */
/** @import { Trace } from "./trace.js" */
import { el } from "../common/dom.js"
import { signed } from "../common/format.js"

/** @param {State} state @param {HTMLElement} strip */
export function createLeftOut(state, strip) {
  const sentence = el("p", { class: "left-out", role: "note", hidden: "" })
  /** @type {Trace} */
  let trace
  /** @type {Float32Array | null | undefined} */
  let effect
  /** @type {{box: HTMLElement, bar: HTMLElement}[]} */
  let bars = []

  /** @param {Trace} next */
  function load(next) {
    trace = next
    const leftOut = trace.whatIf?.leftOut
    effect = leftOut && /** @type {Trace & {numbers: (place: Placed) => Float32Array}} */ (trace).numbers(leftOut.effect)
    sentence.hidden = !leftOut
    strip.classList.toggle("with-effects", Boolean(leftOut))
    bars = leftOut ? [...strip.children].map((chip) => {
      const bar = el("span", {}), box = el("span", { class: "effect", "aria-hidden": "true" }, bar)
      chip.append(box)
      return { box, bar }
    }) : []
    update()
  }

  // upwards: the answer is higher because the token is read
  function update() {
    if (!bars.length || !effect) return
    const step = state.get("step"), row = effect.subarray((step - 1) * trace.steps, step * trace.steps)
    const most = row.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-9)
    bars.forEach(({ box, bar }, i) => {
      const share = (50 * Math.abs(row[i])) / most
      bar.style = `height:${share}%;${row[i] < 0 ? "top:50%" : `bottom:50%`}`
      box.classList.toggle("down", row[i] < 0)
      box.title = i < step ? `“${trace.labels[i]}” is worth ${signed(row[i], 3)} to the answer after step ${step}` : ""
    })
    sentence.textContent = trace.whatIf?.leftOut?.sentences[step - 1] ?? ""
  }

  return { root: sentence, load, update }
}
