// Tells an organiser what waits on this device, and what was not taken and why.
import { keptForms } from "./vault.js";

const part = document.getElementById("tablet-kept");
const { none, one, many, refusedOne, refusedMany } = part.dataset;
const count = (several, single, plural) => (several.length === 1 ? single : plural.replace("{n}", several.length));

export const tell = async () => {
  const { waiting, refused } = await keptForms();
  part.querySelector("[data-waiting]").textContent = waiting.length > 0 ? count(waiting, one, many) : none;
  const told = part.querySelector("[data-refused]");
  told.hidden = refused.length === 0;
  told.querySelector("[data-count]").textContent = count(refused, refusedOne, refusedMany);
  const reasons = [...new Set(refused.map((form) => form.refused))];
  told.querySelector("[data-reasons]").replaceChildren(
    ...reasons.map((reason) => Object.assign(document.createElement("li"), { textContent: reason })),
  );
  return { waiting, refused };
};

await tell();
