// Small help with forms: the summary of faults is read first, a slow answer is not sent twice, htmx carries the CSRF token.
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
});

// Coming back by the browser's button shows a page from memory: its forms must be usable again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

export function forms(root) {
  root.querySelector("[data-focus]")?.focus();
  for (const form of root.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      else form.dataset.sent = "yes";
    });
    form.addEventListener("htmx:afterRequest", () => delete form.dataset.sent);
  }
  for (const button of root.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
}
