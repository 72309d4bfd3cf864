// @ts-check
// The Train page's picture: loss and accuracy per update, gradients by lag, gates and timescales, the held-out part.

/** @import { App } from "../common/component.js" */
/** @import { Curve, Numbers, Trained, TrainPayload, Unpacked } from "../common/payload.d.ts" */
/** @import { Gate } from "./gates.js" */

/**
 * A cell with its curves unpacked, and how its lines look.
 * @typedef {object} Drawn
 * @property {string} colour
 * @property {string} dash
 * @property {number[]} loss
 * @property {number[]} score
 * @property {number[]} curve
 * @property {number[]} first
 * @property {Gate[]} gates
 */

/** @typedef {Omit<Trained, keyof Drawn> & Drawn} Cell */

import { isDark } from "../common/colours.js"
import { component } from "../common/component.js"
import { el } from "../common/dom.js"
import { createChart, DASHES } from "./chart.js"
import { createConfusion } from "./confusion.js"
import { createGates } from "./gates.js"

const FEWEST = 20 // updates that the axis shows at least
const ROOM = 0.3 // decades of room above and below the gradients

/** @returns {App<TrainPayload>} */
function createApp() {
  const loss = createChart("Loss per update", "update"), score = createChart("Accuracy per update", "update")
  const gradient = createChart("Gradient norm by lag", "steps before the answer")
  const gates = createGates(), confusion = createConfusion()
  const limits = el("p", { class: "soft limits" })
  const root = el("div", { class: "train" }, el("div", { class: "charts" }, loss.root, score.root, gradient.root), limits,
    gates.root, confusion.root)
  let drawn = 0

  /** @param {TrainPayload & Unpacked} data */
  function show(data) {
    const dark = isDark(getComputedStyle(root).getPropertyValue("--st-background-color").trim())
    root.classList.toggle("dark", dark)
    /** @param {Curve} part @returns {number[]} */
    const numbers = (part) => (Array.isArray(part) ? part : [...data.numbers(part)])
    /** @type {Cell[]} */
    const cells = data.cells.map((cell, i) => ({
      ...cell, colour: dark ? cell.colour.dark : cell.colour.light, dash: DASHES[i], loss: numbers(cell.loss),
      score: numbers(cell.score), curve: numbers(cell.curve), first: numbers(cell.first),
      gates: cell.gates.map((gate) => ({ ...gate, shares: data.numbers(gate.shares) })),
    }))
    const x = numbers(data.x), log = data.axis === "log"
    const over = { log, xLow: log ? 1 : 0, xHigh: Math.max(FEWEST, data.updates) }
    /** @param {Cell} cell @param {number[]} y */
    const line = (cell, y) => ({ name: cell.cell, colour: cell.colour, dash: cell.dash, x, y })
    const highest = Math.max(0.1, ...cells.flatMap((cell) => cell.loss.filter(Number.isFinite)))
    loss.draw(cells.map((cell) => line(cell, cell.loss)), { ...over, low: 0, high: Math.min(highest, 1e9) * 1.05,
      label: `Loss per update. ${ends(cells, (cell) => cell.loss)}` })
    const worst = data.shares ? 0 : Math.max(-1, Math.min(0, ...cells.flatMap((cell) => cell.score.filter(Number.isFinite))))
    score.draw(cells.map((cell) => line(cell, cell.score)), { ...over, low: worst, high: 1, goal: data.goal,
      caption: `${data.measure[0].toUpperCase()}${data.measure.slice(1)}, mean of ${data.window} batches`, label: `${data.measure}, mean of ${data.window} batches. ${ends(cells, (cell) => cell.score)}` })
    drawGradient(cells)
    gates.draw(cells, dark)
    confusion.draw(cells, data.classes, data.measure)
    limits.textContent = `Update ${data.updates.toLocaleString("en")} of at most ${data.mostUpdates.toLocaleString("en")}, ` +
      `${data.seconds.toFixed(1)} of at most ${data.mostSeconds.toFixed(0)} seconds of training`
    root.dataset.updates = String(data.updates)
    root.dataset.drawn = String(++drawn) // for those who measure how often
  }

  /** @param {Cell[]} cells */
  function drawGradient(cells) {
    const values = cells.flatMap((cell) => [...cell.curve, ...cell.first]).filter(Number.isFinite)
    const low = Math.min(-1, ...values) - ROOM, high = Math.max(0, ...values) + ROOM
    const steps = Math.max(2, ...cells.map((cell) => cell.curve.length))
    const lags = Array.from({ length: steps }, (_, lag) => lag)
    /** @param {Cell} cell @param {number[]} y @param {boolean} faint */
    const line = (cell, y, faint) => ({ name: cell.cell, colour: cell.colour, dash: cell.dash, faint, x: lags, y })
    gradient.draw([...cells.filter((cell) => cell.first.length).map((cell) => line(cell, cell.first, true)),
      ...cells.map((cell) => line(cell, cell.curve, false))],
    { low, high, xHigh: steps - 1, power: true, label: `Gradient norm by lag, as powers of ten. At the largest lag: ${ends(cells, (cell) => cell.curve)}`,
      caption: cells.some((cell) => cell.first.length) ? "Gradient norm by lag (thin: before training)" : "Gradient norm by lag, before training" })
  }

  return { root, show, close: () => {} }
}

/** @param {Cell[]} cells @param {(cell: Cell) => number[]} of */
function ends(cells, of) {
  return cells.flatMap((cell) => of(cell).slice(-1).map((last) => `${cell.cell} ${Number(last.toPrecision(3))}`)).join(", ")
}

export default component(createApp)
