// Passkeys: allauth's scripts speak with the browser; here is what a person sees of it.

// No browser takes a passkey for an address of numbers.
const byNumber = /^(\d+\.){3}\d+$|^\[/.test(location.hostname)

if (window.PublicKeyCredential && window.isSecureContext && !byNumber) {
  for (const part of document.querySelectorAll('[data-with-passkeys]')) part.hidden = false
  for (const part of document.querySelectorAll('[data-without-passkeys]')) part.hidden = true
}

const REASONS = {
  NotAllowedError: 'Your device gave nothing. It was stopped, or it took too long. Try again.',
  InvalidStateError: 'This device has a passkey for your account already.',
  NotSupportedError: 'This device cannot keep a passkey.',
  SecurityError: 'Passkeys do not work at this address.'
}

document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  const words = REASONS[event.detail.exception.name] || 'The passkey could not be used. Try again, or use another way.'
  for (const place of document.querySelectorAll('[data-passkey-error]')) place.textContent = words
})
