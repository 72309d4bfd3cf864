// @ts-check
// What the person has chosen in the stepper: one object, one way to change it, and whoever wants to know is told.

/** @import { Answer, Signal } from "./payload.d.ts" */

/**
 * What the person has chosen. op null: the step is shown complete; 0 ..: only operations up to that one are computed yet.
 * @typedef {object} Values
 * @property {number} step from 1
 * @property {number | null} op
 * @property {number} unit
 * @property {number | null} hover the unit under the mouse
 * @property {"index" | "change"} sort
 * @property {number} speed
 * @property {boolean} playing
 * @property {string | null} box the box of the diagram that is explained
 * @property {"time" | "arithmetic"} side what is beside the cell
 * @property {boolean} present larger, without controls
 */

/** @typedef {keyof Values} Name */
/** @typedef {Partial<Values>} Patch */
/** @typedef {(changed: Set<Name>) => void} Listener */

/**
 * What is stepped through: a trace, or the answers of several cells, which have no units and one operation a step.
 * @typedef {object} Stepped
 * @property {number} steps
 * @property {string[]} labels
 * @property {readonly (Signal | null)[]} operations
 * @property {number} [units]
 * @property {Signal[]} [signals]
 * @property {Answer | null} [answer]
 * @property {string[]} [said] without one answer: what is said after each step
 */

export const SPEEDS = [0.5, 1, 2, 4]

export class State {
  /** @type {Listener[]} */
  #listeners = []
  /** @type {Values} */
  #values = {
    step: 1, op: null, unit: 0, hover: null, sort: "index", speed: 1, playing: false,
    box: null, side: "time", present: false,
  }

  /**
   * @template {Name} Key
   * @param {Key} name
   */
  get(name) {
    return this.#values[name]
  }

  /** @param {Patch} patch */
  set(patch) {
    const names = /** @type {Name[]} */ (Object.keys(patch))
    const changed = names.filter((name) => this.#values[name] !== patch[name])
    if (!changed.length) return
    Object.assign(this.#values, patch)
    for (const listener of this.#listeners) listener(new Set(changed))
  }

  /** @param {Listener} listener */
  subscribe(listener) {
    this.#listeners.push(listener)
  }
}

// Moves, as patches: clamped to the sequence, never wrapping around.
/** @param {Pick<Stepped, "steps">} trace @param {number} step */
export const toStep = (trace, step) => ({ step: Math.min(Math.max(1, step), trace.steps), op: null })

/** @param {Stepped} trace @param {State} state @returns {Patch} */
export function nextOperation(trace, state) {
  const step = state.get("step"), op = state.get("op"), last = trace.operations.length - 1
  if (op === null) return step < trace.steps ? { step: step + 1, op: last > 0 ? 0 : null } : {}
  return op < last - 1 ? { op: op + 1 } : { op: null } // with the last operation the step is complete
}

/** @param {Stepped} trace @param {State} state @returns {Patch} */
export function previousOperation(trace, state) {
  const step = state.get("step"), op = state.get("op"), last = trace.operations.length - 1
  if (op === null) return last > 0 ? { op: last - 1 } : toStep(trace, step - 1)
  if (op > 0) return { op: op - 1 }
  return step > 1 ? { step: step - 1, op: null } : {}
}
