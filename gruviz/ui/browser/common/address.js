// @ts-check
// The button that copies the link to this screen; and what the server says of the address goes from here to its writer.
// It is on every page, so it also looks after the menus.

import { el } from "./dom.js"
import { link } from "./link.js"
import { createMenus } from "./menus.js"
import { component } from "./component.js"

const TOLD = 1500 // ms

/** @import { AddressPayload } from "./payload.d.ts" */
/** @import { App } from "./component.js" */

/** @returns {App<AddressPayload>} */
function createApp() {
  const button = el("button", { type: "button", onclick: copy }, "Copy link")
  const field = el("input", { type: "text", readonly: "", "aria-label": "Link to this screen", hidden: "", onblur: () => (field.hidden = true) })
  const root = el("div", { class: "address" }, button, field), menus = createMenus()
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer

  async function copy() {
    link.flush()
    try {
      await navigator.clipboard.writeText(location.href)
    } catch {
      if (!copySelected()) return say("Copy it with Ctrl+C") // and the link stays on screen, selected
      button.focus()
    }
    say("Link copied")
  }

  // Without https and outside localhost browsers have no navigator.clipboard; they still copy what is selected.
  function copySelected() {
    field.hidden = false
    field.value = location.href
    field.focus()
    field.select()
    const copied = document.execCommand("copy")
    field.hidden = copied
    return copied
  }

  /** @param {string} text */
  function say(text) {
    button.textContent = text
    clearTimeout(timer)
    timer = setTimeout(() => (button.textContent = "Copy link"), TOLD)
  }

  function close() {
    clearTimeout(timer)
    menus.close()
  }

  return { root, show: link.show, close }
}

export default component(createApp)
