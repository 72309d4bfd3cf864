// Where parts of a page are, {name: [[left, top, right, bottom], ...]}, of those that can be seen; `parts`: their selectors.
(parts) => {
    const all = (root) => [...root.querySelectorAll("*")].flatMap((node) => [node, ...(node.shadowRoot ? all(node.shadowRoot) : [])])
    const nodes = all(document)
    const box = (node) => {
        const {left, top, right, bottom} = node.getBoundingClientRect()
        return [left, top, right, bottom].map(Math.round)
    }
    const seen = (node) => node.checkVisibility({visibilityProperty: true, opacityProperty: true}) && node.getBoundingClientRect().height > 0
    return Object.fromEntries(Object.entries(parts).map(([name, selector]) =>
        [name, nodes.filter((node) => node.matches(selector) && seen(node)).map(box)]))
}
