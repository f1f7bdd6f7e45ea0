import "./styles/index.css";
import "@fontsource-variable/noto-sans-sc/index.css";
import htmx from "htmx.org/dist/htmx.esm.js";
import { charts } from "./charts.js";
import { dialogs } from "./dialogs.js";
import { forms } from "./forms.js";
import { keys } from "./keys.js";
import { lists } from "./lists.js";
import { menus } from "./menus.js";
import { pictures } from "./pictures.js";

// Every module takes a root, so that it can dress the page at first and each piece htmx brings later.
const modules = [menus, dialogs, forms, lists, charts, pictures];
const dress = (root) => modules.forEach((module) => module(root));

document.documentElement.classList.add("scripted");
keys();
dress(document);
htmx.onLoad((piece) => {
  if (piece !== document.body) dress(piece);
});
