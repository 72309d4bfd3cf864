// What the person has chosen in the stepper: one object, one way to change it, and whoever wants to know is told.

export const SPEEDS = [0.5, 1, 2, 4]

export class State {
  #listeners = []
  #values = { step: 1, op: null, unit: 0, hover: null, sort: "index", speed: 1, playing: false }

  get(name) {
    return this.#values[name]
  }

  // op null: the step is shown complete; 0 ..: only operations up to that one are computed yet
  set(patch) {
    const changed = Object.keys(patch).filter((name) => this.#values[name] !== patch[name])
    if (!changed.length) return
    Object.assign(this.#values, patch)
    for (const listener of this.#listeners) listener(new Set(changed))
  }

  subscribe(listener) {
    this.#listeners.push(listener)
  }
}

// Moves, as patches: clamped to the sequence, never wrapping around.
export const toStep = (trace, step) => ({ step: Math.min(Math.max(1, step), trace.steps), op: null })

export function nextOperation(trace, state) {
  const step = state.get("step"), op = state.get("op"), last = trace.operations.length - 1
  if (op === null) return step < trace.steps ? { step: step + 1, op: last > 0 ? 0 : null } : {}
  return op < last - 1 ? { op: op + 1 } : { op: null } // with the last operation the step is complete
}

export function previousOperation(trace, state) {
  const step = state.get("step"), op = state.get("op"), last = trace.operations.length - 1
  if (op === null) return last > 0 ? { op: last - 1 } : toStep(trace, step - 1)
  if (op > 0) return { op: op - 1 }
  return step > 1 ? { step: step - 1, op: null } : {}
}
