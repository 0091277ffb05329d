// "Exit this page" without this file leads away by a page of ours that forgets the person. With it nothing of the
// page is left to come back to either: its fields are emptied, and the weather takes its place in the history.
const LEFT = "left";
const HIDING = "govuk-exit-this-page-hide-content";
const away = document.querySelector(".govuk-js-exit-this-page-button");

const empty = () => {
  for (const field of document.querySelectorAll("main input:not([type=hidden]), main textarea, main select")) {
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = false;
    } else {
      field.value = "";
    }
  }
};

// However it was asked for, by the button, by the keyboard or by the link at the top, the page is hidden first.
if (away) {
  new MutationObserver(() => {
    if (document.body.classList.contains(HIDING)) {
      sessionStorage.setItem(LEFT, String(Date.now()));
      empty();
      location.replace(away.href);
    }
  }).observe(document.body, { attributeFilter: ["class"] });
}

// A page that the browser kept as it was, and shows again on the way back, is older than the leaving.
window.addEventListener("pageshow", (event) => {
  if (event.persisted && performance.timeOrigin < Number(sessionStorage.getItem(LEFT))) {
    empty();
    document.body.hidden = true;
    location.replace(location.href);
  }
});
