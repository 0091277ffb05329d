// Says how many priorities are chosen while they are chosen. The limit itself is kept by the server; nothing is
// disabled here, so that a fourth tick leads to one clear sentence instead of a box that does not answer.
export const countChosen = (part) => {
  for (const list of part.querySelectorAll("[data-at-most]")) {
    const most = Number(list.dataset.atMost);
    const count = document.createElement("p");
    count.className = "app-chosen";
    count.setAttribute("role", "status");
    list.after(count);

    const tell = () => {
      const chosen = list.querySelectorAll("input[type=checkbox]:checked").length;
      const words = chosen > most ? list.dataset.tooMany : list.dataset.chosen;
      count.textContent = words.replace("{n}", chosen).replace("{most}", most);
      count.classList.toggle("app-chosen--over", chosen > most);
    };
    list.addEventListener("change", tell);
    tell();
  }
};

countChosen(document);
