// Says that script works before the page is drawn, so that nothing jumps. Loaded first thing in the body.
document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')
