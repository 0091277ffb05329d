// What a device keeps of events, in IndexedDB. A form is encrypted with a key of its own, which is encrypted to a
// public key; the private key is kept only under a key that the server has, and gives while the event lasts. So
// what people wrote cannot be read again on the device while it is offline, nor by whoever takes it and is too late.
const DATABASE = "engage-events";
const AES = "AES-GCM";
const RSA = { name: "RSA-OAEP", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" };
const { subtle } = crypto;

const finished = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const committed = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });

const open = () => {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    const made = request.result;
    // facts: the key of the tickets, and by address: the supply and the lock in use.
    made.createObjectStore("facts");
    made.createObjectStore("locks", { autoIncrement: true });
    made.createObjectStore("tickets", { keyPath: "id", autoIncrement: true }).createIndex("base", "base");
    made.createObjectStore("forms", { keyPath: "id", autoIncrement: true });
  };
  return finished(request);
};

const database = await open();

const read = async (store, act) => await finished(act(database.transaction(store).objectStore(store)));

const change = async (stores, act) => {
  const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
  const found = act(...stores.map((name) => transaction.objectStore(name)));
  await committed(transaction);
  return found;
};

const random = () => crypto.getRandomValues(new Uint8Array(12));
const encode = (value) => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const encryptionKey = (base64) => subtle.importKey("raw", bytesOf(base64), AES, false, ["wrapKey", "unwrapKey"]);

// The key of the tickets never leaves the browser, and no script can read it.
const ticketKey = async () => {
  const kept = await read("facts", (facts) => facts.get("ticket-key"));
  if (kept) {
    return kept;
  }
  const made = await subtle.generateKey({ name: AES, length: 256 }, false, ["encrypt", "decrypt"]);
  await change(["facts"], (facts) => facts.put(made, "ticket-key"));
  return made;
};

const makeLock = async (base, token, key) => {
  const pair = await subtle.generateKey(RSA, true, ["wrapKey", "unwrapKey"]);
  const iv = random();
  const wrapped = await subtle.wrapKey("pkcs8", pair.privateKey, await encryptionKey(key), { name: AES, iv });
  const spki = await subtle.exportKey("spki", pair.publicKey);
  await change(["locks", "facts"], (locks, facts) => {
    const adding = locks.add({ token, iv, wrapped, spki });
    adding.onsuccess = () => facts.put({ id: adding.result, token }, `lock:${base}`);
  });
};

// Makes sure that forms of this event can be encrypted; `ask` fetches the server's key to a lock.
export const prepareLock = async (base, token, ask) => {
  const used = await read("facts", (facts) => facts.get(`lock:${base}`));
  if (used?.token !== token) {
    await makeLock(base, token, await ask(token));
  }
};

// Keeps a supply in place of the one before; tickets that nobody used are given up.
export const keepSupply = async (base, { tickets, ...rest }) => {
  const key = await ticketKey();
  const sealed = [];
  for (const ticket of tickets) {
    const iv = random();
    sealed.push({ base, iv, sealed: await subtle.encrypt({ name: AES, iv }, key, encode(ticket)) });
  }
  await change(["facts", "tickets"], (facts, kept) => {
    facts.put({ ...rest, fetched: Date.now() }, `supply:${base}`);
    const old = kept.index("base").getAllKeys(base);
    old.onsuccess = () => {
      old.result.forEach((id) => kept.delete(id));
      sealed.forEach((each) => kept.add(each));
    };
  });
};

export const findSupply = (base) => read("facts", (facts) => facts.get(`supply:${base}`));
export const countTickets = (base) => read("tickets", (tickets) => tickets.index("base").count(base));

// Takes one ticket out of the supply, for one person and nobody after them; undefined where none is left.
export const takeTicket = async (base) => {
  const key = await ticketKey();
  let taken;
  await change(["tickets"], (tickets) => {
    const first = tickets.index("base").getAll(base, 1);
    first.onsuccess = () => {
      [taken] = first.result;
      if (taken) {
        tickets.delete(taken.id);
      }
    };
  });
  return taken && decode(await subtle.decrypt({ name: AES, iv: taken.iv }, key, taken.sealed));
};

// Keeps a form until it is sent. What was written cannot be read here again without the server.
export const keepForm = async (base, fields) => {
  const { id: lock } = await read("facts", (facts) => facts.get(`lock:${base}`));
  const { spki } = await read("locks", (locks) => locks.get(lock));
  const publicKey = await subtle.importKey("spki", spki, RSA, false, ["wrapKey"]);
  const key = await subtle.generateKey({ name: AES, length: 256 }, true, ["encrypt"]);
  const iv = random();
  const sealed = await subtle.encrypt({ name: AES, iv }, key, encode(fields));
  const wrapped = await subtle.wrapKey("raw", key, publicKey, { name: RSA.name });
  await change(["forms"], (forms) => forms.add({ base, lock, iv, sealed, wrapped, refused: null }));
};

export const keptForms = async () => {
  const all = await read("forms", (forms) => forms.getAll());
  return { waiting: all.filter((form) => form.refused === null), refused: all.filter((form) => form.refused !== null) };
};

// Opens a kept form; `ask` fetches the server's key to its lock.
export const openForm = async (form, ask) => {
  const lock = await read("locks", (locks) => locks.get(form.lock));
  const key = await encryptionKey(await ask(lock.token));
  const usage = ["unwrapKey"];
  const own = await subtle.unwrapKey("pkcs8", lock.wrapped, key, { name: AES, iv: lock.iv }, RSA, false, usage);
  const once = await subtle.unwrapKey("raw", form.wrapped, own, { name: RSA.name }, AES, false, ["decrypt"]);
  return decode(await subtle.decrypt({ name: AES, iv: form.iv }, once, form.sealed));
};

export const removeForm = (form) => change(["forms"], (forms) => forms.delete(form.id));
export const markRefused = (form, reason) => change(["forms"], (forms) => forms.put({ ...form, refused: reason }));

// Gives up what only an event needs; forms that wait, or were refused, stay with the locks they need.
export const forgetSupplies = () =>
  change(["facts", "tickets"], (facts, tickets) => {
    facts.clear();
    tickets.clear();
  });
