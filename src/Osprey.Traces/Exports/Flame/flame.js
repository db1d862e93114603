// Zooms a flame graph to the box that is clicked, and marks boxes whose title holds a text (Ctrl-F or "search").
(function () {
  "use strict";
  const svg = document.documentElement;
  const group = document.getElementById("boxes");
  const reset = document.getElementById("reset");
  const search = document.getElementById("search");
  const about = document.getElementById("about");
  const plain = about.textContent;
  const width = Number(group.dataset.width), margin = Number(group.dataset.margin);
  const boxes = Array.from(group.children, (element) => ({
    element,
    start: Number(element.dataset.s),
    total: Number(element.dataset.t),
    depth: Number(element.dataset.d),
    title: element.querySelector("title").textContent,
    rect: element.querySelector("rect"),
    text: element.querySelector("text"),
  }));
  for (const box of boxes) box.name = box.title.replace(/ \([^()]*\)$/, "");

  function zoom(to) {
    const scale = width / to.total, end = to.start + to.total;
    for (const box of boxes) {
      const above = box.depth >= to.depth;
      const inside = above
        ? box.start >= to.start && box.start + box.total <= end
        : box.start <= to.start && box.start + box.total >= end;
      box.element.style.display = inside ? "" : "none";
      if (!inside) continue;
      const x = above ? margin + (box.start - to.start) * scale : margin;
      const size = above ? box.total * scale : width;
      box.rect.setAttribute("x", x);
      box.rect.setAttribute("width", size);
      box.text.setAttribute("x", x + 2);
      box.element.classList.toggle("g", !above);
      const room = Math.floor((size - 4) / 6.7);
      box.text.textContent = room < 3 ? "" : box.name.length <= room ? box.name : box.name.slice(0, room - 2) + "..";
    }
    reset.setAttribute("visibility", to === boxes[0] ? "hidden" : "visible");
  }

  // Sums up the outermost boxes that match: what lies in them counts once.
  function find(term) {
    let test = () => false;
    if (term) {
      try {
        const pattern = new RegExp(term);
        test = (text) => pattern.test(text);
      } catch {
        test = (text) => text.includes(term);
      }
    }
    let sum = 0, end = -1;
    for (const box of boxes) box.element.classList.toggle("m", test(box.name));
    const matches = boxes.filter((box) => test(box.name)).sort((a, b) => a.start - b.start || b.total - a.total);
    for (const box of matches) {
      if (box.start < end) continue;
      sum += box.total;
      end = box.start + box.total;
    }
    about.textContent = term
      ? "'" + term + "' matches " + ((100 * sum) / (boxes[0].total || 1)).toFixed(2) + "%"
      : plain;
    search.textContent = term ? "clear search" : "search";
  }

  for (const box of boxes) box.element.addEventListener("click", () => zoom(box));
  reset.addEventListener("click", () => zoom(boxes[0]));
  let term = "";
  function ask() {
    term = term ? "" : prompt("Text or regular expression to look for:", "") || "";
    find(term);
  }
  search.addEventListener("click", ask);
  window.addEventListener("keydown", (event) => {
    if ((event.ctrlKey && event.key === "f") || event.key === "F3") {
      event.preventDefault();
      term = "";
      ask();
    } else if (event.key === "Escape") {
      find((term = ""));
      zoom(boxes[0]);
    }
  });
  svg.ospreyFind = find; // for tests and for pages that embed the image
})();
