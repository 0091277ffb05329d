// A button beside each text that copies it. Without this file the text is marked and copied by hand.
const SHOWN = 3000;

const copy = async (field) => {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Over plain http there is no clipboard to write to.
    document.execCommand("copy");
  }
};

for (const place of document.querySelectorAll("[data-copy]")) {
  const field = place.querySelector("input, textarea");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary app-copy__button";
  button.textContent = place.dataset.copyLabel;
  button.setAttribute("aria-describedby", `${field.id}-copied`);
  const said = document.createElement("span");
  said.className = "app-copy__said";
  said.id = `${field.id}-copied`;
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    await copy(field);
    button.focus();
    said.textContent = place.dataset.copiedLabel;
    setTimeout(() => {
      said.textContent = "";
    }, SHOWN);
  });
  place.append(button, said);
}
