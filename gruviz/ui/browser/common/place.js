// @ts-check
// Where the stepper stands, as the link says it: step, unit, operation, order of the rows, what is beside the cell, and
// whether it is presented.

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
  /** @template {"sort" | "side" | "present"} Key @param {Key} name @param {string} what @param {Record<string, Patch[Key]>} options */
  const word = (name, what, options) => {
    const text = asked[name]
    if (text === undefined) return
    if (Object.hasOwn(options, text)) chosen[name] = options[text]
    else notices.push(`The link asks for ${what} “${text.slice(0, 20)}”; there are ${Object.keys(options).join(" and ")}.`)
  }
  word("sort", "the order", { index: "index", change: "change" })
  word("side", "the side", { time: "time", arithmetic: "arithmetic" })
  word("present", "presenting", { no: false, yes: true })
  return { chosen, notices }
}

// How the link says it; null for what it leaves out.
/** @param {Stepped} trace @param {State} state @returns {Record<string, string | number | null>} */
export function writtenPlace(trace, state) {
  const step = state.get("step")
  if (!trace.signals) return { step }
  const sort = state.get("sort"), side = state.get("side")
  return {
    step, unit: state.get("unit"), op: state.get("op"), sort: sort === "index" ? null : sort,
    side: side === "time" ? null : side, present: state.get("present") ? "yes" : null,
  }
}
