/**
 * Stands in for the package `node-fetch`, by which danfojs-node reads JSON and spreadsheets of the
 * web: Node's own `fetch`, which does the same, and needs no package.
 */
module.exports = (...request) => fetch(...request)
