// @ts-check
// Colours that depend on values or on the theme. The signals' own come from gruviz's table, as CSS variables.

/** @import { Signal } from "./payload.d.ts" */
/** @typedef {(share: number) => {fill: string, ink: string}} Scale */

/** @param {string} hex */
const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))

// relative luminance, as WCAG 2 defines it
/** @param {number[]} channels */
function luminance(channels) {
  const [r, g, b] = channels.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** @param {string} hex */
export const isDark = (hex) => /^#[0-9a-f]{6}$/i.test(hex) && luminance(rgb(hex)) < 0.2

/** @param {number[][]} anchors @param {number} share */
function ramp(anchors, share) {
  const place = Math.min(Math.max(share, 0), 1) * (anchors.length - 1)
  const i = Math.min(Math.floor(place), anchors.length - 2)
  return anchors[i].map((c, k) => Math.round(c + (anchors[i + 1][k] - c) * (place - i)))
}

// A colour scale as the figures have it (anchors from low to high): value share 0..1 -> CSS colour and readable ink
/** @param {string[]} hexes @returns {Scale} */
export function scale(hexes) {
  const anchors = hexes.map(rgb)
  return (share) => {
    const channels = ramp(anchors, share)
    const ink = luminance(channels) > 0.18 ? "#000000" : "#FFFFFF"
    return { fill: `rgb(${channels.join(",")})`, ink }
  }
}

// Names every signal's colours as CSS variables: --r-fill for marks, --r-ink for text on this theme
/** @param {HTMLElement} root @param {{signals: Signal[]}} trace @param {boolean} dark */
export function setSignalColours(root, trace, dark) {
  root.classList.toggle("dark", dark)
  for (const { key, colour } of trace.signals) {
    root.style.setProperty(`--${key}-fill`, colour.fill)
    root.style.setProperty(`--${key}-ink`, dark ? colour.onDark : colour.onLight)
  }
}
