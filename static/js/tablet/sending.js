// What a device says to the server: fetch a supply, send a form, send what waits.
import * as vault from "./vault.js";

const PATIENCE = 15_000;
const SOON = 5_000;
const LATEST = 5 * 60_000;
const JSON_PLEASE = { Accept: "application/json" };

// The event is over on this device: nothing is given any more until an organiser starts it again.
export class Over extends Error {}

const ask = async (address, options = {}) => {
  const answer = await fetch(address, {
    ...options,
    headers: JSON_PLEASE,
    cache: "no-store",
    credentials: "same-origin",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.status === 403) {
    throw new Over();
  }
  if (!answer.ok && answer.status !== 422) {
    throw new Error(`${address} answered ${answer.status}`);
  }
  return await answer.json();
};

const post = (address, fields) => ask(address, { method: "POST", body: new URLSearchParams(fields) });

// The server's answer to a form: {stored, receipt} or {stored: false, reason, problems}; throws without one.
export const send = (base, fields) => post(`${base}send`, fields);

const keyTo = (base) => async (lock) => (await post(`${base}key`, { lock })).key;

// Fetches a supply where the one kept runs low; says whether there is a new one.
export const refill = async (base, fewest) => {
  const kept = await vault.findSupply(base);
  if (kept && (await vault.countTickets(base)) >= fewest) {
    return false;
  }
  const supply = await ask(`${base}supply`);
  await vault.prepareLock(base, supply.lock, keyTo(base));
  await vault.keepSupply(base, supply);
  return true;
};

let wait = SOON;
let timer = 0;

const sendFirst = async (base, form) => {
  const answer = await send(form.base, await vault.openForm(form, keyTo(base)));
  if (answer.stored) {
    await vault.removeForm(form);
  } else {
    await vault.markRefused(form, answer.reason || answer.problems.map(({ message }) => message).join(" "));
  }
};

const sendAll = async (base, tell) => {
  let { waiting } = await vault.keptForms();
  while (waiting.length > 0) {
    await sendFirst(base, waiting[0]);
    await tell();
    ({ waiting } = await vault.keptForms());
  }
};

// Sends what waits, one after the other in the order of their writing, and tries again later where it cannot.
// Only one page of a device does so at a time. A form is removed only once the server says that it is stored;
// one that is sent twice, because the answer was lost on its way, is still one response.
export const sendWaiting = async (base, tell, again = true) => {
  clearTimeout(timer);
  await navigator.locks.request("engage-sending", { ifAvailable: true }, async (lock) => {
    if (!lock) {
      return;
    }
    try {
      await sendAll(base, tell);
      wait = SOON;
    } catch (error) {
      await tell(error instanceof Over);
      wait = Math.min(wait * 2, LATEST);
    }
  });
  const { waiting } = await vault.keptForms();
  if (again && waiting.length > 0) {
    timer = setTimeout(() => sendWaiting(base, tell), wait);
  }
};
