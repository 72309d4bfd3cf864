// @ts-check
// How many decimals a line of arithmetic is written with: the fewest with which its result follows, by ordinary
// rounding, from the digits that are shown.

import { fixed } from "../common/format.js"

const DECIMALS = 4 // of numbers below 1,000; larger ones have fewer, as their last ones would be noise
const SLACK = 1e-4 // of a unit in the last place: how close to a tie a result may be

/** @param {number[]} values */
export function decimals(...values) {
  const largest = Math.max(...values.map(Math.abs))
  return largest < 1000 ? DECIMALS : Math.max(0, DECIMALS + 3 - Math.ceil(Math.log10(largest)))
}

/** @param {number} value @param {number} digits */
export const rounded = (value, digits) => Number(value.toFixed(digits))

// A factor with `more` decimals than usual: the number, and how it is written.
/** @param {number} value @param {number} more */
export const trimmed = (value, more) => rounded(value, decimals(value) + more)
/** @param {number} value @param {number} more */
export const written = (value, more) => fixed(value, decimals(value) + more)

// Whether a person with a calculator who gets `exact` writes down `value` at so many decimals.
/** @param {number} exact @param {number} value @param {number} digits */
export const follows = (exact, value, digits) =>
  Math.abs(exact - rounded(value, digits)) * 10 ** digits < 0.5 - SLACK

/** @param {number} value @param {number} digits */
const whole = (value, digits) => Math.round(rounded(value, digits) * 10 ** digits)

// Whether terms, each rounded by itself, add up to their rounded total.
/** @param {number[]} terms @param {number} total @param {number} digits */
export function addsUp(terms, total, digits) {
  const sum = terms.reduce((partial, term) => partial + whole(term, digits), 0)
  return sum === whole(total, digits) && Number.isSafeInteger(sum)
}

// The terms as they are, or where rounding keeps them from adding up, with what it leaves over taken by the first.
/** @param {number[]} terms @param {number} total @param {number} digits */
export function balanced(terms, total, digits) {
  if (addsUp(terms, total, digits)) return terms
  const rest = terms.slice(1).reduce((left, term) => left - whole(term, digits), whole(total, digits))
  return [rest / 10 ** digits, ...terms.slice(1)]
}

// The least of 0 ... most for which `holds` is true, or null.
/** @param {number} most @param {(number: number) => boolean} holds */
export function fewest(most, holds) {
  for (let number = 0; number <= most; number++) if (holds(number)) return number
  return null
}
