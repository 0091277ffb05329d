// When nobody touches the page: a form says so with time to answer, and makes way; a receipt makes way sooner.
const A_SECOND = 1000;
const WARNED_AFTER = 90 * A_SECOND;
const CLEARED_AFTER = 120 * A_SECOND;
const THANKED = 20 * A_SECOND;
const TOUCHES = ["pointerdown", "pointermove", "keydown", "input", "scroll", "wheel", "touchstart"];

const dialog = document.getElementById("tablet-idle");
const seconds = document.getElementById("tablet-idle-seconds");
let touched = Date.now();

const untilThen = (moment) => Math.max(0, Math.ceil((moment - Date.now()) / A_SECOND));

export const stay = () => {
  touched = Date.now();
  if (dialog.open) {
    dialog.close();
  }
};

// Once the warning is there only its button, or Escape, keeps the form: a sleeve must not.
for (const touch of TOUCHES) {
  addEventListener(touch, () => dialog.open || stay(), { passive: true, capture: true });
}
document.getElementById("tablet-idle-stay").addEventListener("click", stay);
dialog.addEventListener("close", stay);

const warn = () => {
  seconds.textContent = untilThen(touched + CLEARED_AFTER);
  if (!dialog.open) {
    dialog.showModal();
  }
};

// `isTouched` says whether there is anything to clear, `next` makes way for the next person.
export const watch = ({ isTouched, next }) => {
  setInterval(() => {
    const thanked = document.querySelector("[data-countdown]");
    if (thanked) {
      countDown(thanked, next);
    } else if (!isTouched()) {
      stay();
    } else if (Date.now() - touched >= CLEARED_AFTER) {
      stay();
      next();
    } else if (Date.now() - touched >= WARNED_AFTER) {
      warn();
    }
  }, A_SECOND);
};

const countDown = (part, next) => {
  part.hidden = false;
  const left = untilThen(touched + THANKED);
  part.querySelector("[data-seconds]").textContent = left;
  if (left === 0) {
    stay();
    next();
  }
};
