// A small line chart: several series over one x, redrawn many times a second. Lines differ by dash as well as by colour.

import { attr, el, svg } from "../common/dom.js"

const WIDTH = 400, HEIGHT = 230, LEFT = 46, RIGHT = 46, TOP = 8, BOTTOM = 34
export const DASHES = ["2 3", "7 4", ""] // RNN, LSTM, GRU

// Round steps for an axis: about `count` ticks from low to high
function ticks(low, high, count) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough)
  const found = []
  for (let value = Math.ceil(low / step - 1e-9) * step; value <= high + step * 1e-9; value += step) found.push(value)
  return found
}

const short = (value) => Math.abs(value) >= 10000 || (value !== 0 && Math.abs(value) < 0.001)
  ? value.toExponential(0) : String(Number(value.toPrecision(4)))

export function createChart(title, xTitle) {
  const plot = svg("g"), axes = svg("g", { class: "axes" })
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" }, axes, plot)
  const root = el("figure", { class: "chart" }, el("figcaption", {}, title), picture)
  const heading = root.firstChild

  // series: [{name, colour, dash, faint, x, y}]; options: {low, high, log, goal, label, power}
  function draw(series, { low, high, log = false, goal = null, label, caption = title, power = false, xHigh, xLow = 0 }) {
    heading.textContent = caption
    picture.setAttribute("aria-label", label)
    const toX = log ? (x) => Math.log10(Math.max(x, 1)) : (x) => x
    const x0 = toX(xLow), x1 = Math.max(toX(xHigh), x0 + 1e-9)
    const px = (x) => LEFT + ((toX(x) - x0) / (x1 - x0)) * (WIDTH - LEFT - RIGHT)
    const py = (y) => HEIGHT - BOTTOM - ((Math.min(Math.max(y, low), high) - low) / (high - low)) * (HEIGHT - TOP - BOTTOM)
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
      marks.push(svg("text", { x: px(value), y: HEIGHT - BOTTOM + 15, "text-anchor": "middle" }))
      marks.at(-1).textContent = short(value)
    }
    marks.push(svg("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 4, "text-anchor": "middle", class: "title" }))
    marks.at(-1).textContent = xTitle
    if (goal !== null) marks.push(svg("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: py(goal), y2: py(goal), class: "goal" }))
    axes.replaceChildren(...marks)
    plot.replaceChildren(...series.map((one) => path(one, px, py)), ...names(series, px, py))
  }

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
  function names(series, px, py) {
    const ends = series.filter((one) => !one.faint && one.y.length).map((one) => {
      let i = one.y.length - 1
      while (i > 0 && Number.isNaN(one.y[i])) i--
      return { ...one, at: [px(one.x[i]), py(one.y[i])] }
    }).filter((one) => !Number.isNaN(one.at[1])).sort((a, b) => a.at[1] - b.at[1])
    let last = -Infinity
    for (const end of ends) last = end.label = Math.max(end.at[1] + 4, last + 12)
    const over = Math.max(0, last - (HEIGHT - BOTTOM + 4))
    return ends.map((end) => {
      const text = svg("text", { x: Math.min(end.at[0] + 4, WIDTH - RIGHT + 4), y: end.label - over, class: "name", fill: end.colour })
      text.textContent = end.name
      return text
    })
  }

  return { root, draw }
}

function raised(value) {
  const power = svg("tspan", { dy: -5, "font-size": "75%" })
  power.textContent = short(value)
  return power
}
