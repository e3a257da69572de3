"use strict";
// Puts each change on top of the list as it happens. The rows are made, and escaped, by the server.

const KEPT = 200;
const rows = document.getElementById("changes");
const live = document.getElementById("live");
const source = new EventSource(`/changes/live?after=${rows.dataset.after}`);

source.onopen = () => {
  live.hidden = false;
};
source.onerror = () => {
  live.hidden = true;
};
source.onmessage = (event) => {
  rows.insertAdjacentHTML("afterbegin", event.data);
  rows.firstElementChild.classList.add("new");
  while (rows.children.length > KEPT) rows.lastElementChild.remove();
};
