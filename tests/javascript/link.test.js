// link.js keeps the page's address: here against a page that is only an address and its history.

import assert from "node:assert/strict"
import test from "node:test"

const page = { entries: [new URL("http://gruviz.test/step?step=3&unit=1&embed=true&other=1")], at: 0, state: null, reloads: 0 }
const listeners = {}
globalThis.window = globalThis
globalThis.location = {
  get href() { return page.entries[page.at].href },
  get pathname() { return page.entries[page.at].pathname },
  get hash() { return page.entries[page.at].hash },
  reload() { page.reloads++ },
}
globalThis.history = {
  state: null,
  pushState(state, title, url) { page.entries.splice(++page.at, Infinity, new URL(url)) },
  replaceState(state, title, url) { page.entries[page.at] = new URL(url) },
}
globalThis.addEventListener = (name, listener) => { listeners[name] = listener }

const { link } = await import("../../gruviz/ui/browser/common/link.js")
const query = () => page.entries[page.at].search.slice(1)

test("until the stepper is there, an opened address keeps the place it asked for, and what is Streamlit's own", () => {
  link.show({ params: [["model", "a b"], ["x", "1"], ["x", "2"]], visit: 1, opened: 1 })
  assert.equal(query(), "model=a+b&x=1&x=2&step=3&unit=1&embed=true")
  assert.equal(page.entries.length, 1)
})

test("steps are written into the same entry, the last one at the latest on leaving", () => {
  link.stand(1, { step: 4, unit: 1, op: null })
  assert.equal(query(), "model=a+b&x=1&x=2&step=4&unit=1&embed=true")
  for (let step = 5; step < 9; step++) link.stand(1, { step, unit: 1, op: 2 })
  listeners.pagehide()
  assert.equal(query(), "model=a+b&x=1&x=2&step=8&unit=1&op=2&embed=true")
  assert.equal(page.entries.length, 1)
})

test("what the person asks for gets an entry of its own, and the one that is left keeps its place", () => {
  link.stand(1, { step: 9 })
  link.stand(2, { step: 1 }) // the stepper hears of it first
  link.show({ params: [["model", "c"]], visit: 2, opened: 1 })
  assert.equal(page.entries.length, 2)
  assert.equal(page.entries[0].search, "?model=a+b&x=1&x=2&step=9&embed=true")
  assert.equal(query(), "model=c&step=1&embed=true")
})

test("while an address waits, the stepper's place is not written over what it asks for", () => {
  link.show({ params: [["model", "c"]], visit: 2, opened: 2, held: true })
  link.stand(2, { step: 5 })
  link.flush()
  assert.equal(query(), "model=c&step=1&embed=true")
  link.show({ params: [["model", "c"]], visit: 2, opened: 1, held: false })
  assert.equal(query(), "model=c&step=5&embed=true")
  link.stand(2, { step: 1 })
  link.flush()
})

test("after Back nothing is written until the server has opened that address", () => {
  page.at = 0
  listeners.popstate()
  link.stand(2, { step: 7 })
  link.flush()
  link.show({ params: [["model", "c"]], visit: 2, opened: 1 })
  assert.equal(query(), "model=a+b&x=1&x=2&step=9&embed=true")
  link.show({ params: [["model", "a b"]], visit: 3, opened: 3 })
  assert.equal(query(), "model=a+b&step=9&embed=true")
  assert.equal(page.entries.length, 2)
})

test("a server that began after this page did is asked for the address as it is", () => {
  link.show({ params: [], visit: 1, opened: 1 })
  assert.equal(page.reloads, 1)
  assert.equal(query(), "model=a+b&step=9&embed=true")
})
