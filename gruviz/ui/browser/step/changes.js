// @ts-check
// What is changed at a step, in the words of the arithmetic; and how an intervention is written.

/** @import { Change, Signal } from "../common/payload.d.ts" */
/** @import { Trace } from "./trace.js" */
import { fixed } from "../common/format.js"

/** @param {{first: number, last: number, units?: number[] | null}} change @param {number} step @param {number} [unit] */
const covers = ({ first, last, units }, step, unit) => first <= step && step <= last && (!units || units.includes(/** @type {number} */ (unit)))

// What is added to the input bias of a block's row.
/** @param {Change[]} changes @param {number} block @param {number} step @param {number} unit */
export const shiftOf = (changes, block, step, unit) => changes.reduce((sum, change) =>
  sum + (change.kind === "shift" && change.block === block && covers(change, step, unit) ? change.by : 0), 0)

// The hold that counts for a signal: the last one; null where it is not held.
/** @param {Change[]} changes @param {string} signal @param {number} step @param {number} unit */
export const holdOf = (changes, signal, step, unit) =>
  changes.findLast((change) => change.kind === "hold" && change.signal === signal && covers(change, step, unit)) ?? null

/** @param {Change[]} changes @param {number} step */
export const isSkipped = (changes, step) => changes.some((change) => change.kind === "skip" && covers(change, step))

// What a signal is instead of what its equation comes to; null where it is that.
/** @param {Trace} trace @param {Signal} signal @param {number} step @param {number} unit */
export function insteadOf(trace, signal, step, unit) {
  const isState = trace.initial[signal.key] !== undefined
  if (isState && isSkipped(trace.changes, step)) return "this step is skipped: the state goes on as it was"
  if (!holdOf(trace.changes, signal.key, step, unit)) return null
  return `held at ${fixed(trace.shown(signal.key, step, unit), 2)}`
}

/** @param {string | number} value */
const number = (value) => String(Number(Number(value).toPrecision(6)))
/** @type {Record<string, string>} */
const SIGNS = { "%": "%25", ";": "%3B", ",": "%2C" }

// The same as gruviz.records.written; units null: all, steps null: all.
/** @typedef {string | number | null} Which */
/** @param {Which} units @param {Which} steps */
const place = (units, steps) => (units === null ? "" : `[${units}]`) + (steps === null ? "" : `@${steps}`)
/** @param {string} signal @param {string | number} value @param {Which} units @param {Which} steps */
export const hold = (signal, value, units, steps) => `${signal}${place(units, steps)}=${number(value)}`
/** @param {string} signal @param {string | number} by @param {Which} units @param {Which} steps */
export const shift = (signal, by, units, steps) => `${signal}${place(units, steps)}+=${number(by)}`
/** @param {number} step */
export const skip = (step) => `skip@${step}`
/** @param {number} step */
export const unknown = (step) => `unknown@${step}`
/** @param {number} step @param {string} token */
export const read = (step, token) => `read@${step}=${token.trim().replace(/[%;,]/g, (sign) => SIGNS[sign])}`
