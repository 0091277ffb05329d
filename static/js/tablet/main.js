// An event's page. Where the form works without a connection, people are given it from a supply on the device, and
// what they send is encrypted there until the server has it; else the server answers for every page, and this only
// sees to it that a page nobody touches makes way for a blank one.
import * as idle from "./idle.js";

const root = document.getElementById("tablet");
const state = document.getElementById("tablet-state");
const { base, part, offline, words } = JSON.parse(root.dataset.facts);
const CAN_KEEP = isSecureContext && "serviceWorker" in navigator && "indexedDB" in window && "locks" in navigator;
const FEWEST = 25;
const EVERY = 60_000;

// Somebody who goes back to a page that the browser kept finds a blank one.
addEventListener("pageshow", (event) => event.persisted && location.reload());

const startAgain = () => location.replace(base);

const runByServer = () => {
  const form = root.querySelector("form");
  const isTouched = () =>
    [...(form?.elements ?? [])].some((field) => field.checked || (field.type === "text" && field.value) || (field.matches("textarea, select") && field.value));
  // Nothing of the last page is left to go back to.
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-next]")) {
      event.preventDefault();
      form?.reset();
      startAgain();
    }
  });
  idle.watch({ isTouched, next: () => (form?.reset(), startAgain()) });
};

const runByDevice = async () => {
  const [page, vault, server, checks] = await Promise.all(
    ["./form.js", "./vault.js", "./sending.js", "./checks.js"].map((file) => import(file)),
  );
  let held = null;
  let busy = false;
  let hasSupply = false;
  let over = part === "over";

  const say = async (isOver = over) => {
    over = isOver;
    const { waiting, refused } = await vault.keptForms();
    const count = (several, one, many) => (several.length === 1 ? one : many.replace("{n}", several.length));
    const lines = [
      !navigator.onLine && hasSupply && words.offline,
      over && waiting.length > 0 && words.over,
      waiting.length > 0 && count(waiting, words.waitsOne, words.waitsMany),
      refused.length > 0 && count(refused, words.refusedOne, words.refusedMany),
    ].filter(Boolean);
    if (lines.join() !== [...state.children].map((line) => line.textContent).join()) {
      state.replaceChildren(...lines.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    }
  };

  // By the server's clock, as it was told with the supply.
  const isPast = (supply, moment) => Date.now() - supply.fetched + supply.now >= moment;

  // A blank form for the next person, with a ticket of its own.
  const next = async () => {
    held = null;
    const supply = await vault.findSupply(base);
    if (!supply) {
      return;
    }
    hasSupply = true;
    const end = ["closes", "until"].find((name) => isPast(supply, supply[name]));
    if (end) {
      page.show(end === "closes" ? supply.pages.closed : supply.pages.over);
      return;
    }
    const ticket = await vault.takeTicket(base);
    page.show(ticket ? supply.forms[ticket.form].html : supply.pages.none);
    if (ticket) {
      held = { ...ticket, checks: supply.forms[ticket.form].checks, pages: supply.pages };
      page.form().elements.ticket.value = ticket.ticket;
    }
    idle.stay();
    look();
  };

  const thank = (html, receipt) => {
    held = null;
    page.show(html);
    root.querySelector("[data-receipt]").textContent = receipt;
    idle.stay();
  };

  const keep = async (fields) => {
    const problems = checks.problemsOf(held.checks, fields);
    if (problems.length > 0) {
      page.sayProblems(words, problems);
      return;
    }
    await vault.keepForm(base, checks.withoutUnsure(held.checks, fields));
    thank(held.pages.later, held.receipt);
    await say();
    look();
  };

  const submit = async () => {
    const fields = [...new FormData(page.form())].filter(([, value]) => typeof value === "string");
    let answer = null;
    try {
      answer = navigator.onLine ? await server.send(base, fields) : null;
    } catch {
      // Whether it was stored cannot be known: sent once more with the same ticket it is still one response.
    }
    if (answer === null) {
      await keep(fields);
    } else if (answer.stored) {
      thank(held.pages.thanks, answer.receipt);
    } else {
      page.sayProblems(words, answer.problems, answer.reason);
    }
  };

  root.addEventListener("submit", async (event) => {
    if (!held) {
      return;
    }
    event.preventDefault();
    if (!busy) {
      busy = true;
      try {
        await submit();
      } catch {
        page.sayProblems(words, [], words.again);
      } finally {
        busy = false;
      }
    }
  });
  root.addEventListener("click", (event) => {
    if (hasSupply && event.target.closest("[data-next]")) {
      event.preventDefault();
      next();
    }
  });

  // So that the page opens again without a connection. Where it could not be set up it is tried again; until then,
  // and in a browser that has no workers, everything else works.
  const setUpWorker = async () => {
    try {
      const found = await navigator.serviceWorker.getRegistration(base);
      if (!found?.active && !found?.installing) {
        await navigator.serviceWorker.register(`${base}worker.js`, { scope: base, updateViaCache: "none" });
      }
    } catch {
      // Tried again with the next look.
    }
  };

  // Sees to what the device keeps: sends what waits, and fetches a supply where it runs low.
  const look = async () => {
    if (navigator.onLine && !over) {
      setUpWorker();
      server.sendWaiting(base, say);
      try {
        const fresh = await server.refill(base, FEWEST);
        if (fresh && !held && !page.isTouched() && !root.querySelector("[data-countdown]")) {
          await next();
        }
      } catch (error) {
        over = error instanceof server.Over;
      }
    }
    await say();
  };
  addEventListener("online", look);
  addEventListener("offline", () => say());
  setInterval(look, EVERY);
  const makeWay = () => {
    page.empty();
    return hasSupply ? next() : startAgain();
  };
  idle.watch({ isTouched: page.isTouched, next: makeWay });

  if (part === "form" || part === "waiting") {
    await look();
    // Somebody who was quicker than the supply sends their form as it is.
    if (!held && !page.isTouched()) {
      await next();
    }
  } else {
    await say();
  }
};

const runForOrganiser = async () => {
  const { tell } = await import("./kept.js");
  const { sendWaiting } = await import("./sending.js");
  await sendWaiting(base, tell);
};

if (part === "organiser") {
  await runForOrganiser();
} else if (offline && CAN_KEEP) {
  await runByDevice();
} else {
  runByServer();
}
