// A part of an event's page: put there, made to work, and told what is wrong with it.
import { initAll } from "../../dist/govuk-frontend.min.js";
import { countChosen } from "../priorities.js";

const root = document.getElementById("tablet");
const site = document.title.split(" - ").at(-1);

// Takes the place of whatever was there: nothing of it is left, neither on the page nor in the history.
export const show = (html) => {
  root.innerHTML = html;
  initAll({ scope: root });
  countChosen(root);
  const heading = root.querySelector("h1");
  document.title = `${heading.textContent} - ${site}`;
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
};

export const form = () => root.querySelector("form");

// Whether somebody has written or ticked anything.
export const isTouched = () =>
  [...root.querySelectorAll("input:not([type=hidden]), textarea, select")].some((field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked : field.value !== "",
  );

export const empty = () => form()?.reset();

const element = (name, className, text) => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

const clearProblems = () => {
  root.querySelector(".govuk-error-summary")?.remove();
  for (const message of root.querySelectorAll(".govuk-error-message")) {
    const group = message.closest(".govuk-form-group");
    for (const field of group?.querySelectorAll(`[aria-describedby~="${message.id}"]`) ?? []) {
      const rest = field.getAttribute("aria-describedby").split(" ").filter((id) => id !== message.id);
      rest.length > 0 ? field.setAttribute("aria-describedby", rest.join(" ")) : field.removeAttribute("aria-describedby");
    }
    group?.classList.remove("govuk-form-group--error");
    message.remove();
  }
};

// Beside its field, as the server would say it.
const sayBeside = ({ field, message }) => {
  const control = document.getElementById(field);
  const group = control?.closest(".govuk-form-group");
  if (!group) {
    return;
  }
  const said = element("p", "govuk-error-message", message);
  said.id = `${field}-error`;
  const fieldset = group.querySelector(":scope > fieldset");
  const described = fieldset ?? control;
  group.classList.add("govuk-form-group--error");
  const before = fieldset ? (fieldset.querySelector(":scope > .govuk-hint, :scope > legend") ?? fieldset.firstChild) : null;
  before ? before.after(said) : control.before(said);
  described.setAttribute("aria-describedby", `${described.getAttribute("aria-describedby") ?? ""} ${said.id}`.trim());
};

// Says what is wrong: a summary that leads to each field, and a sentence beside it.
export const sayProblems = (words, problems, reason = "") => {
  clearProblems();
  const summary = element("div", "govuk-error-summary", "");
  const alert = element("div", "", "");
  alert.setAttribute("role", "alert");
  const list = element("ul", "govuk-list govuk-error-summary__list", "");
  if (reason) {
    list.append(element("li", "", reason));
  }
  for (const problem of problems) {
    const item = element("li", "", "");
    const link = element("a", "", problem.message);
    link.href = `#${problem.field}`;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById(problem.field)?.focus();
    });
    item.append(link);
    list.append(item);
    sayBeside(problem);
  }
  const body = element("div", "govuk-error-summary__body", "");
  body.append(list);
  alert.append(element("h2", "govuk-error-summary__title", words.problem), body);
  summary.append(alert);
  summary.tabIndex = -1;
  root.prepend(summary);
  document.title = `${words.error} ${root.querySelector("h1").textContent} - ${site}`;
  summary.focus();
};
