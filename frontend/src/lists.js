// Filters act when a choice is made; typed words wait for Enter. Ticked rows are counted beside the actions.
export function lists(root) {
  for (const form of root.querySelectorAll("form[data-filters]")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=date]")) form.requestSubmit();
    });
    form.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
    });
  }
  for (const form of root.querySelectorAll("form.many")) many(form);
}

function many(form) {
  const boxes = [...form.querySelectorAll("tbody input[name=row]")];
  const all = document.createElement("input");
  const head = form.querySelector("th.tick");
  const count = form.querySelector("[data-count]");
  all.type = "checkbox";
  all.setAttribute("aria-label", head.textContent.trim());
  head.append(all);
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    if (count) count.textContent = String(ticked);
    for (const button of form.querySelectorAll(".many-bar button")) button.disabled = ticked === 0;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  form.addEventListener("change", show);
  show();
}
