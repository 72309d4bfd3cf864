// Where each column stands: shared by the diagram that heads the table and by the rows below it.

const SHARE = { square: 1.15, gauge: 2, parts: 3, blend: 3, memory: 3 }
const TEXT = { gauge: 36, parts: 42 } // room for the value beside the marks, where there is room at all

export function layout(trace, width) {
  const narrow = width < 560
  const label = narrow ? 22 : 30, gap = narrow ? 6 : 18
  const shares = trace.columns.reduce((sum, column) => sum + SHARE[column.kind], 0)
  const each = (width - label - gap * trace.columns.length) / shares
  let x = label
  const columns = trace.columns.map((column) => {
    const text = narrow ? 0 : (TEXT[column.kind] ?? 0)
    const signal = trace.byKey[column.signal]
    const reach = column.kind === "parts" ? signal.sumReach : trace.reach[column.signal]
    const span = { ...column, x, width: each * SHARE[column.kind], text, reach, rule: signal.rule }
    span.middle = span.x + span.width / 2
    x += span.width + gap
    return span
  })
  return { width, narrow, label, columns, row: narrow ? 26 : 32 }
}

// value on [low, high] -> pixel inside a column with room for a marker at both ends; beyond it, the end itself
export function onLine(column, value, reach) {
  const left = column.x + 5, right = column.x + column.width - column.text - 5
  const share = (Math.min(Math.max(value, -reach), reach) + reach) / (2 * reach)
  return left + share * (right - left)
}
