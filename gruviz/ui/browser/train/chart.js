// @ts-check
// A small line chart: several series over one x, redrawn many times a second. Lines differ by dash as well as by colour.

/** @import { Attributes } from "../common/dom.js" */

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} colour
 * @property {string} dash
 * @property {boolean} [faint]
 * @property {ArrayLike<number>} x
 * @property {ArrayLike<number>} y
 */

/**
 * @typedef {object} Look
 * @property {number} low
 * @property {number} high
 * @property {number} xHigh
 * @property {number} [xLow]
 * @property {boolean} [log] whether the axis of x is logarithmic
 * @property {boolean} [power] whether the numbers at y are powers of ten
 * @property {number | null} [goal]
 * @property {string} label
 * @property {string} [caption]
 */

/** @typedef {(value: number) => number} Place from a value to a pixel */

import { attr, el, svg } from "../common/dom.js"

const WIDTH = 400, HEIGHT = 186, LEFT = 46, RIGHT = 46, TOP = 8, BOTTOM = 34
export const DASHES = ["2 3", "7 4", ""] // RNN, LSTM, GRU

// Round steps for an axis: about `count` ticks from low to high
/** @param {number} low @param {number} high @param {number} count */
function ticks(low, high, count) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power
  const ticks = []
  for (let value = Math.ceil(low / step - 1e-9) * step; value <= high + step * 1e-9; value += step) ticks.push(value)
  return ticks
}

/** @param {number} value */
const short = (value) => Math.abs(value) >= 10000 || (value !== 0 && Math.abs(value) < 0.001)
  ? value.toExponential(0) : String(Number(value.toPrecision(4)))

/** @param {string} title @param {string} xTitle */
export function createChart(title, xTitle) {
  const plot = svg("g"), axes = svg("g", { class: "axes" })
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" }, axes, plot)
  const heading = el("figcaption", {}, title)
  const root = el("figure", { class: "chart" }, heading, picture)

  /** @param {Line[]} series @param {Look} look */
  function draw(series, { low, high, log = false, goal = null, label, caption = title, power = false, xHigh, xLow = 0 }) {
    heading.textContent = caption
    picture.setAttribute("aria-label", label)
    /** @type {Place} */
    const toX = log ? (x) => Math.log10(Math.max(x, 1)) : (x) => x
    const x0 = toX(xLow), x1 = Math.max(toX(xHigh), x0 + 1e-9)
    /** @type {Place} */
    const px = (x) => LEFT + ((toX(x) - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT)
    /** @type {Place} */
    const py = (y) => HEIGHT - BOTTOM - ((Math.min(Math.max(y, low), high) - low) / (high - low)) * (HEIGHT - TOP - BOTTOM)
    /** @type {SVGElement[]} */
    const marks = []
    for (const value of ticks(low, high, 5)) {
      const y = py(value)
      marks.push(svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: y, y2: y, class: "grid" }))
      const text = svg("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" })
      if (power) text.append("10", raised(value))
      else text.textContent = short(value)
      marks.push(text)
    }
    const places = log ? [...Array(Math.floor(x1) + 1).keys()].map((p) => 10 ** p) : ticks(xLow, xHigh, 5)
    for (const value of places) {
      marks.push(written(short(value), { x: px(value), y: HEIGHT - BOTTOM + 15, "text-anchor": "middle" }))
    }
    marks.push(written(xTitle, { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 4, "text-anchor": "middle", class: "title" }))
    if (goal !== null) marks.push(svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: py(goal), y2: py(goal), class: "goal" }))
    axes.replaceChildren(...marks)
    plot.replaceChildren(...series.map((one) => path(one, px, py)), ...names(series, px, py))
  }

  /** @param {Line} line @param {Place} px @param {Place} py */
  function path({ x, y, colour, dash, faint }, px, py) {
    let d = "", pen = "M"
    for (let i = 0; i < y.length; i++) {
      if (Number.isNaN(y[i])) { pen = "M"; continue }
      d += `${pen}${px(x[i]).toFixed(1)} ${py(y[i]).toFixed(1)}`
      pen = "L"
    }
    const node = svg("path", { d, fill: "none", stroke: colour, "stroke-width": faint ? 1.2 : 2 })
    attr(node, { "stroke-dasharray": dash, opacity: faint ? 0.45 : 1 })
    return node
  }

  // Each line's name at its end, moved apart where ends meet
  /** @param {Line[]} series @param {Place} px @param {Place} py */
  function names(series, px, py) {
    const ends = series.filter((one) => !one.faint && one.y.length).map((one) => {
      let i = one.y.length - 1
      while (i > 0 && Number.isNaN(one.y[i])) i--
      return { ...one, left: px(one.x[i]), top: py(one.y[i]), label: 0 }
    }).filter((one) => !Number.isNaN(one.top)).sort((a, b) => a.top - b.top)
    let last = -Infinity
    for (const end of ends) last = end.label = Math.max(end.top + 4, last + 12)
    const over = Math.max(0, last - (HEIGHT - BOTTOM + 4))
    return ends.map((end) =>
      written(end.name, { x: Math.min(end.left + 4, WIDTH - RIGHT + 4), y: end.label - over, class: "name", fill: end.colour }))
  }

  return { root, draw }
}

/** @param {string} said @param {Attributes} attributes */
function written(said, attributes) {
  const text = svg("text", attributes)
  text.textContent = said
  return text
}

/** @param {number} value */
function raised(value) {
  const power = svg("tspan", { dy: -5, "font-size": "75%" })
  power.textContent = short(value)
  return power
}
