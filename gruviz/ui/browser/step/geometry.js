// @ts-check
// Where each column stands: shared by the diagram that heads the table and by the rows below it.

/** @import { Column, Rule } from "../common/payload.d.ts" */
/** @import { Trace } from "./trace.js" */

/**
 * A column where it stands: pixels, the value at its ends, and the rule of its signal.
 * @typedef {Column & {x: number, width: number, middle: number, text: number, reach: number, rule: Rule}} Span
 */

/** @typedef {ReturnType<typeof layout>} Layout */

const SHARE = { square: 1.15, gauge: 2, parts: 3, blend: 3, cell_update: 3 }
/** @type {Partial<Record<Column["kind"], number>>} */
const TEXT = { gauge: 38, parts: 46 } // room for the value beside the marks, where there is room at all
const NARROW = 26, LEAST = 26, MOST = 36 // pixels a row

// `height` is what so many `rows` may fill, where they have a place of their own; without it they are as high as they like.
// `width` and `height` are pixels of the screen; with `zoom` all of the layout is in units of so many of them.
/** @param {Pick<Trace, "columns" | "byKey" | "reach">} trace @param {number} width @param {number} height @param {number} rows @param {number} zoom */
export function layout(trace, width, height = 0, rows = 1, zoom = 1) {
  width /= zoom
  const narrow = width < 560
  const label = narrow ? 22 : 46, gap = narrow ? 6 : 14
  const shares = trace.columns.reduce((sum, column) => sum + SHARE[column.kind], 0)
  const each = (width - label - gap * trace.columns.length) / shares
  let x = label
  const columns = trace.columns.map((column) => {
    const text = narrow ? 0 : (TEXT[column.kind] ?? 0)
    const signal = trace.byKey[column.signal]
    const reach = (column.kind === "parts" ? signal.sumReach : null) ?? trace.reach[column.signal]
    const size = each * SHARE[column.kind]
    /** @type {Span} */
    const span = { ...column, x, width: size, middle: x + size / 2, text, reach, rule: signal.rule }
    x += size + gap
    return span
  })
  const row = height ? Math.min(MOST, Math.max(LEAST, Math.floor(height / zoom / rows))) : narrow ? NARROW : 32
  return { width, zoom, narrow, label, columns, row }
}

// value on [low, high] -> pixel inside a column with room for a marker at both ends; beyond it, the end itself
/** @param {Pick<Span, "x" | "width" | "text">} column @param {number} value @param {number} reach */
export function onLine(column, value, reach) {
  const left = column.x + 5, right = column.x + column.width - column.text - 5
  const share = (Math.min(Math.max(value, -reach), reach) + reach) / (2 * reach)
  return left + share * (right - left)
}
