// @ts-check
// Numbers as people read them: a true minus sign, fixed decimals, shares that are not rounded to all or nothing.

/** @param {string} text */
const minus = (text) => text.replace("-", "−")

/** @param {number} value @param {number} digits */
export function fixed(value, digits) {
  const text = value.toFixed(digits)
  return minus(Number(text) === 0 ? text.replace("-", "") : text) // no "−0.00"
}

/** @param {number} value @param {number} digits */
export const signed = (value, digits) => (Number(value.toFixed(digits)) > 0 ? "+" : "") + fixed(value, digits)

// What is not all is never "100%", what is not nothing never "0%": as gruviz/quantities.py writes them.
/** @param {number} value */
export const percent = (value) => rounded(value, "more than ", "less than ")
/** @param {number} value */
export const briefPercent = (value) => rounded(value, ">", "<")
/** @param {number} value @param {string} more @param {string} less */
const rounded = (value, more, less) => {
  const whole = Math.round(100 * value)
  return value < 1 && whole === 100 ? `${more}99%` : value > 0 && whole === 0 ? `${less}1%` : `${whole}%`
}
