// @ts-check
// How each kind of column draws one unit in a row: `build` makes the marks once, `update` only moves them.

/** @import { Scale } from "../common/colours.js" */
/** @import { Attributes } from "../common/dom.js" */
/** @import { Affine, Blend, CellUpdate } from "../common/payload.d.ts" */
/** @import { Layout, Span } from "./geometry.js" */
/** @import { Trace } from "./trace.js" */
/** @typedef {{trace: Trace, step: number, unit: number, diverging: Scale}} Now */

/**
 * @template Marks
 * @typedef {object} Kind
 * @property {(group: SVGElement, column: Span, y: number, place: Layout) => Marks} build
 * @property {(marks: Marks, column: Span, now: Now) => void} update
 */

/**
 * @template Marks
 * @param {Kind<Marks>} given
 */
const kind = (given) => given

import { attr, svg } from "../common/dom.js"
import { fixed, signed } from "../common/format.js"
import { onLine } from "./geometry.js"
import { ghosted } from "./ghost.js"

/** @param {string} key */
const ink = (key) => `fill:var(--${key}-ink)`
/** @param {string} key */
const fill = (key) => `fill:var(--${key}-fill)`
/** @param {Attributes} attributes */
const bar = (attributes) => svg("rect", { height: 7, rx: 1.5, ...attributes })
/** @param {Element} node @param {number} a @param {number} b */
const place = (node, a, b) => attr(node, { x: Math.min(a, b), width: Math.abs(b - a) })

/** @param {Span} column @param {number} y @param {number} reach */
const axis = (column, y, reach) => [
  svg("line", { class: "axis", x1: onLine(column, -reach, reach), x2: onLine(column, reach, reach), y1: y, y2: y }),
  svg("line", { class: "axis", x1: onLine(column, 0, reach), x2: onLine(column, 0, reach), y1: y - 9, y2: y + 9 }),
]

const square = kind({
  build(group, column, y, { narrow, row }) {
    const box = svg("rect", { class: "box", x: column.x, width: column.width, y: y - row / 2 + 3, height: row - 6, rx: 4 })
    const text = svg("text", { x: column.middle, y: y + 4, "text-anchor": "middle", class: "number" })
    group.append(box, text)
    return { box, text, digits: narrow ? 1 : 2 }
  },
  update({ box, text, digits }, column, { trace, step, unit, diverging }) {
    const value = trace.value(column.signal, column.when === "before" ? step - 1 : step, unit)
    const { fill: back, ink: front } = diverging((value / column.reach + 1) / 2)
    attr(box, { fill: back })
    text.textContent = signed(value, digits)
    text.style.fill = front
  },
})

const gauge = kind({
  build(group, column, y, { narrow }) {
    const width = column.width - column.text, height = 14
    const level = svg("rect", { x: column.x, y: y - height / 2, height, rx: 2, style: fill(column.signal) })
    const text = svg("text", { x: column.x + width + 5, y: y + 4, class: "number", style: ink(column.signal) })
    group.append(svg("rect", { class: "track", x: column.x, y: y - height / 2, width, height, rx: 2 }), level)
    if (!narrow) group.append(text)
    return { level, text, width }
  },
  update({ level, text, width }, column, { trace, step, unit }) {
    const value = trace.shown(column.signal, step, unit)
    attr(level, { width: Math.max(0.5, value * width) })
    text.textContent = fixed(value, 2)
  },
})

// beyond the axis: a bar's end shows that it goes on, and the dot becomes an arrowhead
const CUT = "M-3 0l3.5 3.5l-3.5 3.5"
/** @type {Record<number, string>} */
const DOT = { 0: "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0", 1: "M-5 -6L5 0L-5 6z", [-1]: "M5 -6L-5 0L5 6z" }
/** @param {number} value @param {number} reach */
const beyond = (value, reach) => (Math.abs(value) > reach ? Math.sign(value) : 0)

const parts = kind({
  build(group, column, y, { narrow }) {
    const { scaled_by: gate } = /** @type {Affine} */ (column.rule)
    const fromInput = bar({ y: y - 8, class: "input" })
    const taken = gate === null ? null : bar({ y: y + 1, class: "taken", style: `stroke:var(--${gate}-fill)` })
    const recurrent = bar({ y: y + 1, style: gate ? fill(gate) : "fill:var(--h-fill)" })
    const cuts = [y - 8, y + 1].map((top) => ({ top, mark: svg("path", { d: CUT, class: "cut" }) }))
    const dot = svg("path", { style: fill(column.signal), class: "halo dot" })
    const right = { x: column.x + column.width, "text-anchor": "end" }
    const sum = svg("text", { ...right, y: y - 2, class: "sum" })
    const text = svg("text", { ...right, y: y + 11, class: "number", style: ink(column.signal) })
    group.append(...axis(column, y, column.reach), fromInput, ...(taken ? [taken] : []), recurrent,
      ...cuts.map(({ mark }) => mark), dot)
    if (!narrow) group.append(sum, text)
    return { fromInput, recurrent, taken, cuts, dot, sum, text, y }
  },
  update({ fromInput, recurrent, taken, cuts, dot, sum, text, y }, column, { trace, step, unit }) {
    const { inputPart, recurrentPart, fullRecurrent, total } = trace.affine(column.signal, step, unit)
    /** @param {number} value */
    const x = (value) => onLine(column, value, column.reach)
    place(fromInput, x(0), x(inputPart))
    place(recurrent, x(inputPart), x(total))
    // what the gate took away lies beyond what is left of the recurrent part, or, where products change sign, beside it
    if (taken) place(taken, x(recurrentPart * fullRecurrent > 0 ? total : inputPart), x(inputPart + fullRecurrent))
    const ends = [[inputPart], [inputPart, total, ...(taken ? [inputPart + fullRecurrent] : [])]]
    cuts.forEach(({ top, mark }, i) => {
      const side = ends[i].map((value) => beyond(value, column.reach)).find((way) => way) ?? 0
      attr(mark, { visibility: side ? "visible" : "hidden",
        transform: `translate(${x(side * column.reach)} ${top}) scale(${side || 1} 1)` })
    })
    attr(dot, { d: DOT[beyond(total, column.reach)], transform: `translate(${x(total)} ${y})` })
    sum.textContent = signed(total, 2)
    text.textContent = signed(trace.value(column.signal, step, unit), 2)
  },
})

// h between candidate and old state at the fraction z
const blend = kind({
  build(group, column, y) {
    const { gate, new: candidate } = /** @type {Blend} */ (column.rule)
    const kept = svg("rect", { y: y - 2.5, height: 5, style: `${fill(candidate)};opacity:.45` })
    const written = svg("rect", { y: y - 2.5, height: 5, style: `${fill(gate)};opacity:.6` })
    const old = svg("circle", { r: 5, cy: y, class: "hollow", style: `stroke:var(--${column.signal}-fill)` })
    const fresh = svg("circle", { r: 4.5, cy: y, style: fill(candidate), class: "halo" })
    const now = svg("rect", { y: y - 9, width: 6, height: 18, rx: 1, style: fill(column.signal), class: "halo" })
    group.append(...axis(column, y, 1), kept, written, old, fresh, now)
    return { kept, written, old, fresh, now }
  },
  update({ kept, written, old, fresh, now }, column, { trace, step, unit }) {
    const rule = /** @type {Blend} */ (column.rule)
    /** @param {number} value */
    const x = (value) => onLine(column, value, column.reach)
    const before = x(trace.value(column.signal, step - 1, unit))
    const candidate = x(trace.value(rule.new, step, unit))
    const after = x(trace.value(column.signal, step, unit))
    place(kept, before, after) // the way from the old state that was gone: (1 - z) of the whole
    place(written, after, candidate) // the way to the candidate that was held back: z of the whole
    attr(old, { cx: before })
    attr(fresh, { cx: candidate })
    attr(now, { x: after - 3 })
  },
})

// c as what is kept of the old cell state, and what is written to it
const cellUpdate = kind({
  build(group, column, y) {
    const rule = /** @type {CellUpdate} */ (column.rule)
    const kept = bar({ y: y - 8, style: fill(rule.forget) })
    const written = bar({ y: y + 1, style: fill(rule.new) })
    const old = svg("circle", { r: 5, cy: y, class: "hollow", style: `stroke:var(--${column.signal}-fill)` })
    const now = svg("rect", { y: y - 9, width: 6, height: 18, rx: 1, style: fill(column.signal), class: "halo" })
    group.append(...axis(column, y, 1), kept, written, old, now)
    return { kept, written, old, now }
  },
  update({ kept, written, old, now }, column, { trace, step, unit }) {
    const { forget, write, new: candidate } = /** @type {CellUpdate} */ (column.rule)
    /** @param {number} value */
    const x = (value) => onLine(column, value, column.reach)
    const before = trace.value(column.signal, step - 1, unit)
    const rest = trace.value(forget, step, unit) * before
    place(kept, x(0), x(rest))
    place(written, x(rest), x(rest + trace.value(write, step, unit) * trace.value(candidate, step, unit)))
    attr(old, { cx: x(before) })
    attr(now, { x: x(trace.value(column.signal, step, unit)) - 3 })
  },
})

export const KINDS = ghosted({ square, gauge, parts, blend, cell_update: cellUpdate })
