// @ts-check
// What Streamlit calls for a component: makes its app the first time, hands it each payload, closes it when it goes.
/** @import { Unpacked } from "./payload.d.ts" */
import { unpacked } from "./wire.js"

/** @typedef {(name: string, value: unknown) => void} Send tells the server something */

/**
 * @template Payload
 * @typedef {object} App
 * @property {Element} root
 * @property {(data: Payload & Unpacked, send: Send) => void} show
 * @property {() => void} close
 */

/**
 * @template Payload
 * @param {() => App<Payload>} createApp
 * @returns {(given: {data: Uint8Array, parentElement: HTMLElement, setTriggerValue: Send}) => () => void}
 */
export function component(createApp) {
  /** @type {WeakMap<HTMLElement, App<Payload>>} */
  const apps = new WeakMap()
  return ({ data, parentElement, setTriggerValue }) => {
    const app = apps.get(parentElement) ?? createApp()
    if (!apps.has(parentElement)) {
      parentElement.querySelector(".mount")?.replaceChildren(app.root) // it may stand there from before: Streamlit may close and mount again
      apps.set(parentElement, app)
    }
    app.show(unpacked(data), setTriggerValue)
    return () => {
      app.close()
      apps.delete(parentElement)
    }
  }
}
