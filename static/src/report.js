// While a report is being made, looks from time to time whether it is ready, and then shows the link.
// Without this script the page has a link for looking again.
const PAUSES = [1000, 1000, 2000, 2000, 3000];

async function look(state, turn) {
  const answer = await fetch(window.location.href, { credentials: 'same-origin' });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const now = page.getElementById(state.id);
  if (!now) return;
  if (now.dataset.reportStatus === 'queued') {
    later(state, turn + 1);
    return;
  }
  state.replaceChildren(...now.childNodes);
  state.dataset.reportStatus = now.dataset.reportStatus;
}

function later(state, turn) {
  if (turn < 200) {
    setTimeout(() => look(state, turn).catch(() => later(state, turn + 1)), PAUSES[Math.min(turn, PAUSES.length - 1)]);
  }
}

const state = document.getElementById('report-state');
if (state && state.dataset.reportStatus === 'queued') later(state, 0);
