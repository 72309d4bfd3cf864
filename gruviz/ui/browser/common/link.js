// @ts-check
// The page's address has one writer: this object, one for all components, whichever of them loads first. The server says
// what the address must hold; the stepper adds where it stands, without the server. The server reads it, never these files.

/** @import { AddressPayload } from "./payload.d.ts" */
/** @typedef {Record<string, string | number | null>} Place what the address says of where the stepper stands; null: nothing */

const KEY = Symbol.for("gruviz.link")
const PAUSE = 350 // ms between writes while a person steps: browsers limit how often an address may change
const PATIENCE = 3000 // ms
const PLACE = ["step", "unit", "op", "sort", "side", "present"]
const STREAMLITS_OWN = ["embed", "embed_options"]

function createLink() {
  /** @type {AddressPayload & {path: string} | null} */
  let server = null // what the server said last: and on which path
  /** @type {{visit: number, values: Place} | null} */
  let place = null // where the stepper stands
  /** @type {{opened: number, until: number} | null} */
  let left = null // from Back or Forward on, until the server has opened the address that they led to
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let written = 0

  // A visit that the person asked for on this page gets its own entry in the history. Where the server opened an address
  // (the first one, another page, Back, Forward), the browser has made the entry itself.
  /** @param {AddressPayload} next */
  function show(next) {
    if (left && next.opened <= left.opened && performance.now() < left.until) return // of the screen that was left
    if (server && next.visit < server.visit) return location.reload() // a server that started again was not told this address
    left = null
    const same = server?.visit === next.visit
    if (!same) flush()
    const push = server !== null && !same && server.opened === next.opened
    server = { ...next, path: same && server ? server.path : location.pathname }
    write(push)
  }

  // The stepper may hear of a new visit before `show` does: the entry that is about to be left keeps its own place.
  /** @param {number} visit @param {Place} values */
  function stand(visit, values) {
    const first = place?.visit !== visit
    if (first) flush()
    place = { visit, values }
    if (server?.visit !== visit || timer !== undefined) return
    const wait = first ? 0 : written + PAUSE - performance.now()
    if (wait <= 0) write()
    else timer = setTimeout(() => write(), wait)
  }

  function flush() {
    if (timer !== undefined) write()
  }

  function write(push = false) {
    clearTimeout(timer)
    timer = undefined
    if (!server || left || location.pathname !== server.path) return
    const url = new URL(location.href), params = new URLSearchParams(server.params)
    if (place?.visit === server.visit && !server.held) {
      for (const [name, value] of Object.entries(place.values)) if (value !== null) params.set(name, String(value))
    } else if (server.visit === server.opened) { // opened just now: what it says of the place stays until the stepper is there
      for (const name of PLACE) {
        const said = url.searchParams.get(name)
        if (said !== null) params.set(name, said)
      }
    }
    for (const name of STREAMLITS_OWN) for (const value of url.searchParams.getAll(name)) params.append(name, value)
    url.search = String(params)
    if (url.href === location.href) return
    written = performance.now()
    if (push) history.pushState({}, "", url)
    else history.replaceState(history.state, "", url)
  }

  addEventListener("popstate", () => {
    if (location.hash && location.pathname === server?.path) return // a jump within the page: nothing is opened
    clearTimeout(timer)
    timer = undefined
    left = { opened: server?.opened ?? 0, until: performance.now() + PATIENCE }
  })
  addEventListener("click", flush, true) // it may lead to another page or story
  addEventListener("pagehide", flush)

  return { show, stand, flush }
}

const shared = /** @type {{[KEY]?: ReturnType<typeof createLink>}} */ (/** @type {unknown} */ (window))
export const link = (shared[KEY] ??= createLink())
