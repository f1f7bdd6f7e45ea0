// Links marked data-dialog open their page as a piece in the dialog; without scripts they simply lead there.
const dialog = () => document.getElementById("dialog");

async function open(link) {
  const box = dialog();
  let answer;
  try {
    answer = await fetch(link.href, { headers: { "HX-Request": "true" }, credentials: "same-origin", redirect: "error" });
  } catch {
    answer = null;
  }
  if (!answer?.ok) {
    location.assign(link.href);
    return;
  }
  box.innerHTML = await answer.text();
  filter(box);
  box.showModal();
  box.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
  box.querySelector("input[type=search]")?.focus();
}

// What is typed narrows the list at once; the same box works as a form without scripts.
function filter(box) {
  const input = box.querySelector("[data-pick-filter]");
  if (!input) return;
  const lines = [...box.querySelectorAll(".pick-list li")];
  input.addEventListener("input", () => {
    const words = input.value.trim().toLowerCase();
    for (const line of lines) line.hidden = words !== "" && !line.textContent.toLowerCase().includes(words);
  });
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const found = lines.filter((line) => !line.hidden);
    if (found.length) found[0].querySelector("a")?.click();
  });
}

export function dialogs(root) {
  for (const link of root.querySelectorAll("[data-dialog]")) {
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      open(link);
    });
  }
  const box = dialog();
  if (box && !box.dataset.ready) {
    box.dataset.ready = "yes";
    box.addEventListener("click", (event) => {
      if (event.target === box) box.close();
    });
  }
}
