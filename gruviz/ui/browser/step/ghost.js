// The run behind: the same network without what is changed, or with another sequence. It is drawn as thin outlines over
// the marks of the run that is shown, in every kind of column.

import { attr, svg } from "../common/dom.js"
import { onLine } from "./geometry.js"

// A trace with the numbers of the run behind; null where there is none.
export function ghostOf(trace, data) {
  const sent = data.whatIf?.ghost
  if (!sent) return null
  return new trace.constructor({ ...data, ...sent, answer: null, whatIf: null })
}

const show = (node, on) => node.setAttribute("visibility", on ? "visible" : "hidden")

// A line across the row, where the other run's value stands.
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

const clamped = (value, reach) => Math.min(Math.max(value, -reach), reach)

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
    onLine(column, clamped(trace.affine(column.signal, step, unit).total, column.reach), column.reach)),
  blend: tick((column, trace, step, unit) => onLine(column, clamped(trace.value(column.signal, step, unit), column.reach), column.reach)),
  memory: tick((column, trace, step, unit) => onLine(column, clamped(trace.value(column.signal, step, unit), column.reach), column.reach)),
}

// The kinds of columns, each with its mark for the run behind.
export function ghosted(kinds) {
  return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, {
    build(group, column, y, place) {
      const marks = kind.build(group, column, y, place)
      return { ...marks, ghost: GHOSTS[name].build(group, column, y, place) }
    },
    update(marks, column, now) {
      kind.update(marks, column, now)
      const { ghost } = now.trace
      const there = Boolean(ghost) && now.step <= ghost.steps
      show(marks.ghost, there)
      if (there) GHOSTS[name].update(marks.ghost, column, ghost, now.step, now.unit, now.diverging)
    },
  }]))
}
