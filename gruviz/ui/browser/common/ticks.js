// @ts-check
// The tokens under a figure: where they would be printed over each other, only every second, third … is shown; one that is
// cut says all of its text on hover.

/** @import { Figure } from "./plotly.d.ts" */
import { svg } from "./dom.js"

const APART = 4 // pixels between two labels on one line
const HEIGHT = 11 // pixels that a slanted label needs from the next one

/** @typedef {{x: number, width: number, slant: number}} Label where it stands, how long it is, its angle in degrees */

// The smallest number n for which every n-th label has room.
/** @param {Label[]} labels */
export function every(labels) {
  let n = 1
  while (n < labels.length && !labels.every((label, i) => i < n || i % n || fits(labels[i - n], label))) n++
  return n
}

/** @param {Label} one @param {Label} next */
function fits(one, next) {
  const distance = Math.abs(next.x - one.x)
  const along = distance - (one.width + next.width) / 2 >= APART
  return next.slant ? along || distance * Math.abs(Math.sin((next.slant * Math.PI) / 180)) >= HEIGHT : along
}

/** @param {Figure} figure @param {(step: number) => string} whole the token of a step in full */
export function thinTicks(figure, whole) {
  const texts = /** @type {NodeListOf<SVGTextElement>} */ (figure.querySelectorAll(".xaxislayer-above .xtick text"))
  const steps = figure.layout.xaxis?.tickvals ?? []
  const n = every([...texts].map((text) => {
    const { a, b, e } = text.transform.baseVal.consolidate()?.matrix ?? { a: 1, b: 0, e: 0 }
    return { x: e + a * Number(text.getAttribute("x")), width: text.getComputedTextLength(), slant: (Math.atan2(b, a) * 180) / Math.PI }
  }))
  texts.forEach((text, i) => {
    text.style.visibility = i % n ? "hidden" : ""
    if (texts.length !== steps.length || !text.textContent?.endsWith("…")) return
    text.style.pointerEvents = "all"
    const title = svg("title")
    title.textContent = whole(steps[i])
    text.append(title)
  })
}
