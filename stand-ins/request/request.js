/**
 * Stands in for the package `request`, by which danfojs-node reads and streams files of the web: the
 * part of it that danfojs-node calls, by Node's own `fetch`.
 */

const { PassThrough, Readable } = require('node:stream')
const { pipeline } = require('node:stream/promises')

/**
 * Returns what an address answers, as a stream, which tells the status first by an event `response`.
 * What cannot be reached is an event `error`.
 */
function request({ url, method, headers }) {
  const stream = new PassThrough()
  answer(stream, url, { method, headers }).catch((error) => stream.destroy(error))
  return stream
}

async function answer(stream, url, options) {
  const { status, statusText, body } = await fetch(url, options)
  stream.emit('response', { statusCode: status, statusMessage: statusText })
  await pipeline(body === null ? Readable.from([]) : Readable.fromWeb(body), stream)
}

/** Returns what an address answers to GET, as `request` does. */
request.get = (url) => request({ url })

module.exports = request
