// Additions only: every page works without this file.
(function () {
  "use strict";
  var form = document.querySelector("[data-save]");
  var summary = document.getElementById("errors");
  if (summary) { summary.focus(); }
  if (!form) { return; }
  var turn = form.querySelector("[data-turn]");
  // Each save of this page has a number, so that one which is overtaken on its way changes nothing.
  function next() {
    turn.value = Number(turn.value) + 1;
    return turn.value;
  }
  form.addEventListener("htmx:configRequest", function (event) { event.detail.parameters.turn = next(); });
  form.addEventListener("submit", next);
  // Rows that are drawn anew keep what was typed while they were on their way.
  document.body.addEventListener("htmx:oobBeforeSwap", function (event) {
    if (event.detail.target.id !== "days") { return; }
    event.detail.fragment.querySelectorAll("[name]").forEach(function (field) {
      var here = form.elements.namedItem(field.name);
      if (here) { field.value = here.value; }
    });
  });
  // A save that did not reach the server is said aloud.
  function unsaved() {
    var saved = document.getElementById("saved");
    if (saved) { saved.textContent = form.dataset.unsaved; saved.classList.add("unsaved"); }
  }
  document.body.addEventListener("htmx:sendError", unsaved);
  document.body.addEventListener("htmx:responseError", unsaved);
}());
