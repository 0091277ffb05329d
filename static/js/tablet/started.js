// The page from which a device is started, and to which whoever ended an event comes: nothing of the event goes on,
// and what waits or was not taken stays until somebody decides.
import { tell } from "./kept.js";
import { forgetSupplies, keptForms, removeForm } from "./vault.js";

const CACHES = "engage-event-";
const removing = document.getElementById("tablet-remove");

const offer = async () => {
  const { refused } = await tell();
  removing.hidden = refused.length === 0;
};

removing.addEventListener("click", async (event) => {
  if (event.target.closest("button")) {
    const { refused } = await keptForms();
    await Promise.all(refused.map(removeForm));
    await offer();
  }
});

const stop = async () => {
  for (const worker of await navigator.serviceWorker.getRegistrations()) {
    await worker.unregister();
  }
  for (const name of await caches.keys()) {
    if (name.startsWith(CACHES)) {
      await caches.delete(name);
    }
  }
  await forgetSupplies();
};

// Without https there is none of it.
if (isSecureContext) {
  await stop();
}
await offer();
