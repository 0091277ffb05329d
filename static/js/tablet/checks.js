// The simple rules of a form, for a device that cannot ask the server.
const valuesOf = (fields, name) =>
  fields.filter(([key, value]) => key === name && value.trim()).map(([, value]) => value.trim());

const tooLong = (check, text) => check.longest !== null && [...text].length > check.longest;

const other = (check, fields, chosen) => {
  const [text = ""] = check.other ? valuesOf(fields, check.other) : [];
  if (check.other && chosen.includes("other") && !text) {
    return { field: check.other, message: check.other_missing };
  }
  return text && tooLong(check, text) ? { field: check.other, message: check.long } : null;
};

const counted = (check, fields, chosen) => {
  const more = check.other && valuesOf(fields, check.other).length;
  return chosen.filter((code) => !check.other || code !== "other").length + (more ? 1 : 0);
};

const wrongWith = (check, fields) => {
  const chosen = valuesOf(fields, check.name);
  const elsewhere = check.unsure ? valuesOf(fields, check.unsure) : [];
  const wrongOther = other(check, fields, chosen);
  if (wrongOther) {
    return wrongOther;
  }
  const count = counted(check, fields, chosen);
  const at = (message) => ({ field: check.field, message });
  if (count === 0) {
    return check.required || elsewhere.length > 0 ? at((check.least > 1 && check.few) || check.missing) : null;
  }
  if (check.alone && chosen.includes(check.alone)) {
    return count > 1 ? at(check.both) : null;
  }
  if (check.longest !== null && !check.other && tooLong(check, chosen[0])) {
    return at(check.long);
  }
  if (count < check.least) {
    return at(check.few);
  }
  return check.most !== null && count > check.most ? at(check.many) : null;
};

export const problemsOf = (checks, fields) => checks.map((check) => wrongWith(check, fields)).filter(Boolean);

// What only the server can judge is left out where the list has been used: it is not sent later unseen.
export const withoutUnsure = (checks, fields) => {
  const unsure = new Set(checks.map((check) => check.unsure).filter(Boolean));
  return fields.filter(([name]) => !unsure.has(name));
};
