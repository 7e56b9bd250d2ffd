/**
 * Script that draws the page's figures: each keeps its own height and takes the column's width; for
 * print, that of an A4 or Letter page.
 */
export const pageScript = `
(() => {
  // Without room next to the text the contents are folded: the page begins with its answer.
  const contents = document.querySelector('nav details')
  if (contents && !matchMedia('(min-width: 75rem)').matches) contents.open = false
  const places = [...document.querySelectorAll('.figure')]
  for (const place of places) {
    const { data, layout, config } = JSON.parse(place.nextElementSibling.textContent)
    const { width, ...fluid } = layout
    Plotly.newPlot(place, data, { font: { size: 13 }, ...fluid, autosize: true, height: layout.height || 450 },
      { ...config, responsive: true, displaylogo: false })
  }
  addEventListener('beforeprint', () => {
    for (const place of places) Plotly.relayout(place, { width: 650 })
  })
  addEventListener('afterprint', () => {
    for (const place of places) Plotly.relayout(place, { width: null, autosize: true })
  })
  const button = document.querySelector('button')
  if (button) button.onclick = () => {
    const cells = [...document.querySelectorAll('details.code')]
    const open = cells.some((cell) => !cell.open)
    for (const cell of cells) cell.open = open
    button.textContent = open ? 'Hide all code' : 'Show all code'
  }
})()
`
