// Numbers as people read them: a true minus sign, fixed decimals, shares that are not rounded to all or nothing.

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
