// Everything works without this file. It stops a form from being sent twice by an impatient finger, and loads the
// enhancements of the controls only on the pages that have one.
document.body.classList.add("js-enabled");

const A_SECOND = 1000;
const sent = new WeakMap();

document.addEventListener("submit", (event) => {
  const now = Date.now();
  if (now - (sent.get(event.target) ?? 0) < A_SECOND) {
    event.preventDefault();
  } else {
    sent.set(event.target, now);
  }
});

if (document.querySelector("[data-module^='govuk-']")) {
  document.body.classList.add("govuk-frontend-supported");
  const { initAll } = await import("../dist/govuk-frontend.min.js");
  initAll();
}
