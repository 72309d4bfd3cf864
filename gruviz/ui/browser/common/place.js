// @ts-check
// Where the stepper stands, as the link says it: step, unit, operation and order of the rows.

/** @import { Patch, State, Stepped } from "./state.js" */

// What an opened link asks for, and sentences on what it can't have.
/** @param {Record<string, string | undefined>} asked @param {Stepped} trace */
export function readPlace(asked, trace) {
  /** @type {Patch} */
  const chosen = {}
  /** @type {string[]} */
  const notices = []
  /** @param {"step" | "unit" | "op"} name @param {number} low @param {number} high @param {string} what */
  const whole = (name, low, high, what) => {
    const text = asked[name]
    if (text === undefined) return
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= low && value <= high) chosen[name] = value
    else notices.push(`The link asks for ${what} “${text.slice(0, 20)}”; there are ${low} to ${high}.`)
  }
  whole("step", 1, trace.steps, "step")
  if (!trace.signals) return { chosen, notices } // several cells beside each other: no unit is chosen
  whole("unit", 0, (trace.units ?? 0) - 1, "unit")
  if (trace.operations.length > 1) whole("op", 0, trace.operations.length - 2, "operation")
  const { sort } = asked
  if (sort === "index" || sort === "change") chosen.sort = sort
  else if (sort !== undefined) notices.push(`The link asks for the order “${sort.slice(0, 20)}”; there are index and change.`)
  return { chosen, notices }
}

// How the link says it; null for what it leaves out.
/** @param {Stepped} trace @param {State} state @returns {Record<string, string | number | null>} */
export function writtenPlace(trace, state) {
  const step = state.get("step")
  if (!trace.signals) return { step }
  const sort = state.get("sort")
  return { step, unit: state.get("unit"), op: state.get("op"), sort: sort === "index" ? null : sort }
}
