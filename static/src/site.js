// Script only improves: every page works without this file.
import { initAll } from './govuk-frontend.min.js'

initAll()

// GOV.UK Frontend says aria-expanded on a radio that reveals something; ARIA allows it there no longer, and screen
// readers differ in what they make of it. The revealed fields come next in the order anyway.
function withoutExpanded() {
  for (const radio of document.querySelectorAll('.govuk-radios__input[aria-expanded]')) {
    radio.removeAttribute('aria-expanded')
  }
}
document.addEventListener('click', withoutExpanded)
window.addEventListener('pageshow', withoutExpanded)
withoutExpanded()

// A table that fills many screens of a phone begins folded there.
if (window.matchMedia('(max-width: 48em)').matches) {
  for (const long of document.querySelectorAll('[data-fold-when-narrow]')) long.open = false
}
