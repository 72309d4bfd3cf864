// @ts-check
// The run behind: the same network without what is changed, or with another sequence. It is drawn as thin outlines over
// the marks of the run that is shown, in every kind of column.

/** @import { Scale } from "../common/colours.js" */
/** @import { Column } from "../common/payload.d.ts" */
/** @import { Kind, Now } from "./columns.js" */
/** @import { Layout, Span } from "./geometry.js" */
/** @import { Trace } from "./trace.js" */
import { attr, svg } from "../common/dom.js"
import { onLine } from "./geometry.js"

/**
 * @typedef {object} Outline what a kind of column adds for the run behind, whose trace `update` gets
 * @property {(group: SVGElement, column: Span, y: number, place: Layout) => SVGElement} build
 * @property {(mark: SVGElement, column: Span, trace: Trace, step: number, unit: number, diverging: Scale) => void} update
 */

/** @param {Element} node @param {boolean} on */
const show = (node, on) => node.setAttribute("visibility", on ? "visible" : "hidden")

// A line across the row, where the other run's value stands.
/** @param {(column: Span, trace: Trace, step: number, unit: number) => number} at @returns {Outline} */
const tick = (at) => ({
  build(group, column, y) {
    const mark = svg("line", { class: "ghost", y1: y - 10, y2: y + 10 })
    group.append(mark)
    return mark
  },
  update(mark, column, trace, step, unit) {
    const x = at(column, trace, step, unit)
    attr(mark, { x1: x, x2: x })
  },
})

/** @type {Record<Column["kind"], Outline>} */
const GHOSTS = {
  square: {
    build(group, column, y, { row }) {
      const mark = svg("rect", { class: "ghost-box", x: column.x + 1.5, width: column.width - 3, y: y + row / 2 - 7, height: 3.5 })
      group.append(mark)
      return mark
    },
    update(mark, column, trace, step, unit, diverging) {
      const value = trace.value(column.signal, column.when === "before" ? step - 1 : step, unit)
      attr(mark, { fill: diverging((value / column.reach + 1) / 2).fill })
    },
  },
  gauge: tick((column, trace, step, unit) => column.x + trace.shown(column.signal, step, unit) * (column.width - column.text)),
  parts: tick((column, trace, step, unit) =>
    onLine(column, trace.affine(column.signal, step, unit).total, column.reach)),
  blend: tick((column, trace, step, unit) => onLine(column, trace.value(column.signal, step, unit), column.reach)),
  cell_update: tick((column, trace, step, unit) => onLine(column, trace.value(column.signal, step, unit), column.reach)),
}

// The kinds of columns, each with its mark for the run behind.
/** @param {Record<Column["kind"], Kind<any>>} kinds @returns {Record<Column["kind"], Kind<any>>} */
export function ghosted({ square, gauge, parts, blend, cell_update }) {
  return {
    square: withOutline(square, GHOSTS.square),
    gauge: withOutline(gauge, GHOSTS.gauge),
    parts: withOutline(parts, GHOSTS.parts),
    blend: withOutline(blend, GHOSTS.blend),
    cell_update: withOutline(cell_update, GHOSTS.cell_update),
  }
}

/**
 * @template {object} Marks
 * @param {Kind<Marks>} kind
 * @param {Outline} outline
 * @returns {Kind<Marks & {outline: SVGElement}>}
 */
const withOutline = (kind, outline) => ({
  build(group, column, y, place) {
    const marks = kind.build(group, column, y, place)
    return { ...marks, outline: outline.build(group, column, y, place) }
  },
  update(marks, column, now) {
    kind.update(marks, column, now)
    const { ghost } = now.trace
    const there = ghost !== null && now.step <= ghost.steps
    show(marks.outline, there)
    if (there) outline.update(marks.outline, column, ghost, now.step, now.unit, now.diverging)
  },
})
