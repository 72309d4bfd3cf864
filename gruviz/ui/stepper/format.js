// Numbers as people read them: a true minus sign, fixed decimals, and sums that add up to what is shown.

const minus = (text) => text.replace("-", "−")

export function fixed(value, digits) {
  const text = value.toFixed(digits)
  return minus(Number(text) === 0 ? text.replace("-", "") : text) // no "−0.00"
}

export const signed = (value, digits) => (Number(value.toFixed(digits)) > 0 ? "+" : "") + fixed(value, digits)

// What is not all is never "100%", what is not nothing never "0%": as gruviz/quantities.py writes them.
export const percent = (value) => rounded(value, "more than ", "less than ")
export const briefPercent = (value) => rounded(value, ">", "<")
const rounded = (value, more, less) => {
  const whole = Math.round(100 * value)
  return value < 1 && whole === 100 ? `${more}99%` : value > 0 && whole === 0 ? `${less}1%` : `${whole}%`
}

// Rounds terms so that they add up to the rounded total (their own, or the one that is shown): floors all, then gives
// the missing units of the last digit to the terms that lost most (largest remainder). No term is off by a whole unit.
export function addUp(terms, digits, shown = terms.reduce((a, b) => a + b, 0)) {
  const scale = 10 ** digits
  const exact = terms.map((term) => term * scale)
  const floors = exact.map(Math.floor)
  const total = Math.round(shown * scale)
  let missing = total - floors.reduce((a, b) => a + b, 0)
  const order = exact.map((_, i) => i).sort((i, j) => exact[j] - floors[j] - (exact[i] - floors[i]))
  for (const i of order) {
    if (missing-- <= 0) break
    floors[i] += 1
  }
  return { terms: floors.map((f) => f / scale), total: total / scale }
}
