// The navigation of narrow screens opens by its address (#nav) without scripts; with them it leaves no trace in the history.
export function menus(root) {
  const opener = root.querySelector?.("[data-nav-open]");
  const nav = document.getElementById("nav");
  if (!opener || !nav) return;
  const set = (open) => {
    nav.classList.toggle("open", open);
    opener.setAttribute("aria-expanded", String(open));
    (open ? nav.querySelector("a[aria-current], li a") : opener)?.focus();
  };
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("role", "button");
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    set(!nav.classList.contains("open"));
  });
  nav.querySelector("[data-nav-close]")?.addEventListener("click", (event) => {
    event.preventDefault();
    set(false);
  });
  nav.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && nav.classList.contains("open")) set(false);
  });
}
