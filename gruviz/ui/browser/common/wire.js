// @ts-check
// A payload as wire.py lays it out: the length of the JSON, the JSON, and the numbers of its arrays.

/** @import { Placed, Unpacked } from "./payload.d.ts" */

const TYPES = { f4: Float32Array, i1: Int8Array, u1: Uint8Array }

/**
 * @template Payload
 * @param {Uint8Array} sent
 * @returns {Payload & Unpacked}
 */
export function unpacked(sent) {
  const { buffer } = new Uint8Array(sent) // a copy from its own beginning: typed arrays start at multiples of their size
  const length = new DataView(buffer).getUint32(0, true)
  const data = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  /** @param {keyof typeof TYPES} type @param {number} at @param {number} count */
  const array = (type, at, count) => new TYPES[type](buffer, 4 + length + at, count)
  /** @param {number} at @param {number} count */
  const bits = (at, count) => {
    const bytes = array("u1", at, Math.ceil(count / 8))
    return Int8Array.from({ length: count }, (_, i) => (bytes[i >> 3] >> (i & 7)) & 1)
  }
  /** @param {Placed} place */
  const numbers = ({ type, at, count }) => (type === "bits" ? bits(at, count) : array(type, at, count))
  return { ...data, numbers }
}
