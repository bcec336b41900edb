// Menus close when the reader turns elsewhere. Everything works without this file.
"use strict";

const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A link to a sheet opens it, in browsers that do not do so by themselves.
const openSheet = () => {
  const sheet = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("details");
  if (sheet) sheet.open = true;
};
addEventListener("hashchange", openSheet);
openSheet();

// Copied figures are the full ones: 12,412 where the page has room for 12.4k.
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed || event.target.closest?.("input, textarea")) return;
  const copied = selection.getRangeAt(0).cloneContents();
  const figures = copied.querySelectorAll("data[value]");
  if (!figures.length) return;
  figures.forEach((figure) => figure.replaceChildren(figure.getAttribute("value")));
  copied.querySelectorAll("td, th").forEach((cell) => cell.append("\t"));
  copied.querySelectorAll("tr").forEach((row) => row.append("\n"));
  event.clipboardData.setData("text/plain", copied.textContent.replace(/[^\S\t\n]+/g, " ").replace(/ ?\n ?/g, "\n").trim());
  event.preventDefault();
});
