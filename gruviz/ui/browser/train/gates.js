// @ts-check
// A cell's gates as histograms over [0, 1], and how long its units keep their state, as a row of marks on a log axis.

/** @import { Numbers, Trained } from "../common/payload.d.ts" */
/** @typedef {Omit<Trained["gates"][number], "shares"> & {shares: Numbers}} Gate */
/** @typedef {Pick<Trained, "cell" | "keeps" | "broken" | "timescales"> & {gates: Gate[]}} Gated */

import { el, svg } from "../common/dom.js"

const WIDTH = 190, HEIGHT = 58, LEFT = 8, BOTTOM = 18, TOP = 6
const DECADES = 4 // from 0.1 to 1,000 steps; longer ones stand at the end

export function createGates() {
  const root = el("div", { class: "gates" })

  /** @param {Gated[]} cells @param {boolean} dark */
  function draw(cells, dark) {
    const rows = cells.map((cell) => el("div", { class: "gate-row", role: "group", "aria-label": `Gates of the ${cell.cell}` },
      el("strong", {}, cell.cell), ...panels(cell, dark)))
    root.replaceChildren(...rows)
  }

  /** @param {Gated} cell @param {boolean} dark */
  function panels(cell, dark) {
    if (!cell.gates.length) return [el("span", { class: "soft" }, cell.broken ? "its weights are infinite" : "no gate")]
    const shown = cell.gates.map((gate) => histogram(gate, gate.key === cell.keeps, dark))
    return cell.timescales ? [...shown, timescales(cell.timescales)] : shown
  }

  return { root, draw }
}

/** @param {Gate} gate @param {boolean} keeps @param {boolean} dark */
function histogram(gate, keeps, dark) {
  const most = Math.max(...gate.shares, 0.01), width = (WIDTH - 2 * LEFT) / gate.shares.length
  const bars = [...gate.shares].map((share, i) => {
    const height = (share / most) * (HEIGHT - BOTTOM - TOP)
    return svg("rect", { x: LEFT + i * width, y: HEIGHT - BOTTOM - height, width: width - 1, height, fill: dark ? gate.dark : gate.light })
  })
  const mean = [...gate.shares].reduce((sum, share, i) => sum + share * ((i + 0.5) / gate.shares.length), 0)
  const label = `${gate.name} ${gate.key}: mean ${mean.toFixed(2)}`
  return figure(`${gate.name} ${gate.key}${keeps ? " (keeps)" : ""}`, label, [...bars, ...axis([0, 0.5, 1], (value) => value)])
}

/** @param {number[]} all from the shortest to the longest */
function timescales(all) {
  /** @param {number} steps */
  const place = (steps) => Math.min(Math.max((Math.log10(steps) + 1) / DECADES, 0), 1)
  const marks = all.map((steps) => {
    const x = LEFT + place(steps) * (WIDTH - 2 * LEFT)
    return svg("line", { x1: x, x2: x, y1: TOP + 14, y2: HEIGHT - BOTTOM, class: "mark" })
  })
  const middle = all[Math.floor(all.length / 2)]
  const label = `Timescales of ${all.length} units: median ${Number(middle.toPrecision(2))} steps`
  const ticks = [0.1, 1, 10, 100, 1000]
  return figure("timescales in steps", label, [...marks, ...axis(ticks, place)])
}

/** @param {string} title @param {string} label @param {Node[]} parts */
function figure(title, label, parts) {
  return el("figure", {}, el("figcaption", {}, title),
    svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label }, ...parts))
}

/** @param {number[]} values @param {(value: number) => number} place */
function axis(values, place) {
  const line = svg("line", { x1: LEFT, x2: WIDTH - LEFT, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM, class: "grid" })
  return [line, ...values.map((value, i) => {
    const text = svg("text", { x: LEFT + place(value) * (WIDTH - 2 * LEFT), y: HEIGHT - 4, "text-anchor": i === 0 ? "start" : i === values.length - 1 ? "end" : "middle" })
    text.textContent = String(value)
    return text
  })]
}
