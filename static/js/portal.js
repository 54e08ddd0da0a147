// Additions only: every page works without this file.
(function () {
  "use strict";
  var form = document.querySelector("[data-save]");
  var summary = document.getElementById("errors");
  if (summary) { summary.focus(); }
  if (!form) { return; }
  var saved = document.getElementById("saved");
  function unsaved() {
    saved = document.getElementById("saved");
    if (saved) { saved.textContent = form.dataset.unsaved; saved.classList.add("unsaved"); }
  }
  // A save that did not reach the server is said aloud.
  document.body.addEventListener("htmx:sendError", unsaved);
  document.body.addEventListener("htmx:responseError", unsaved);
  // A press on a button is never overtaken by a save in the background.
  form.addEventListener("submit", function () {
    if (window.htmx) { window.htmx.trigger(form, "htmx:abort"); }
    form.removeAttribute("hx-post");
  });
}());
