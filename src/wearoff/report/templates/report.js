"use strict";
(() => {
  const told = JSON.parse(document.getElementById("told").textContent);
  const large = new Map();
  for (const img of document.querySelectorAll("img[id^=large-]")) large.set(Number(img.id.slice(6)), img.src);
  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;

  // Compare: one view for all expressions, so that zoom and divider stay put when the expression or a day changes.
  const pairs = [...document.querySelectorAll(".pair")];
  const stages = pairs.map((pair) => pair.querySelector(".stage"));
  const view = { x: 0.5, y: 0.5, zoom: 1, cut: 50 };

  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  function place(moving) {
    const half = 0.5 / view.zoom;
    view.x = clamp(view.x, half, 1 - half);
    view.y = clamp(view.y, half, 1 - half);
    for (const stage of stages) {
      stage.classList.toggle("moving", Boolean(moving));
      stage.classList.toggle("close", view.zoom > 1);
      stage.style.setProperty("--z", view.zoom);
      stage.style.setProperty("--x", `${50 - 100 * view.x * view.zoom}%`);
      stage.style.setProperty("--y", `${50 - 100 * view.y * view.zoom}%`);
      stage.style.setProperty("--cut", `${view.cut}%`);
    }
    for (const range of document.querySelectorAll(".cut input")) {
      range.value = view.cut;
      range.setAttribute("aria-valuetext", `${Math.round(view.cut)} % left photo`);
    }
  }

  function measure() {
    for (const stage of stages) {
      const frame = stage.querySelector(".frame");
      stage.style.setProperty("--tall", `${frame.offsetHeight}px`);
    }
  }

  function chosen(name) {
    const input = document.querySelector(`input[name=${name}]:checked`);
    return input ? input.value : "";
  }

  function arrange() {
    const expression = chosen("expression");
    const slide = chosen("view") === "slide";
    document.getElementById("compare").classList.toggle("sliding", slide);
    pairs.forEach((pair, i) => {
      pair.hidden = pair.dataset.expression !== expression;
      const two = stages[i].querySelectorAll(".side").length === 2;
      stages[i].classList.toggle("slide", slide && two);
      const cut = pair.querySelector(".cut");
      if (cut) cut.hidden = !slide;
    });
    measure();
  }

  function show(pair, side, number) {
    const figure = pair.querySelector(`.side.${side}`);
    const img = figure.querySelector("img");
    img.src = large.get(number);
    img.alt = told.photos[number].title;
    const since = Object.assign(document.createElement("span"), { className: "quiet", textContent: told.photos[number].since });
    figure.querySelector("figcaption").replaceChildren(told.photos[number].day, " ", since);
    const [a, b] = [...pair.querySelectorAll("select")].map((s) => Number(s.value));
    const said = a === b ? ["This is the same photo twice."] : told.remarks[`${Math.min(a, b)}-${Math.max(a, b)}`];
    const remark = pair.querySelector(".remark");
    remark.textContent = said ? said.join(" ") : told.match;
    remark.classList.toggle("plain", !said);
  }

  function drag(stage) {
    let from = null;
    const frame = () => stage.querySelector(".frame").getBoundingClientRect();
    const slideTo = (event) => {
      const box = frame();
      view.cut = clamp((100 * (event.clientX - box.left)) / box.width, 0, 100);
      place();
    };
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !event.target.closest(".frame")) return;
      const box = frame();
      const divider = box.left + (box.width * view.cut) / 100;
      const slide = stage.classList.contains("slide");
      if (slide && (view.zoom === 1 || Math.abs(event.clientX - divider) < 24)) {
        from = { slide: true };
        slideTo(event);
      } else if (view.zoom > 1) {
        from = { x: event.clientX, y: event.clientY, at: { ...view } };
      } else return;
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener("pointermove", (event) => {
      if (!from) return;
      if (from.slide) return slideTo(event);
      const box = frame();
      view.x = from.at.x - (event.clientX - from.x) / box.width / view.zoom;
      view.y = from.at.y - (event.clientY - from.y) / box.height / view.zoom;
      place();
    });
    for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => (from = null));
  }

  function zoomTo(zoom, x, y) {
    view.zoom = clamp(zoom, 1, 8);
    [view.x, view.y] = [x, y];
    const value = document.querySelector(`input[name=zoom][value="1 .5 .5"]`);
    for (const input of document.querySelectorAll("input[name=zoom]")) input.checked = false;
    value.checked = view.zoom === 1;
    place(true);
  }

  // The photos can be moved and zoomed by keys, by a double click, and by the wheel while Control is held.
  function keys(stage, name) {
    stage.tabIndex = 0;
    stage.setAttribute("role", "group");
    stage.setAttribute("aria-label", `Photos, ${name}: plus and minus to zoom, arrow keys to move`);
    stage.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = 0.12 / view.zoom;
      const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
      if (event.key === "+" || event.key === "=") zoomTo(view.zoom * 1.4, view.x, view.y);
      else if (event.key === "-") zoomTo(view.zoom / 1.4, view.x, view.y);
      else if (move && view.zoom > 1) {
        view.x += move[0];
        view.y += move[1];
        place(true);
      } else return;
      event.preventDefault();
    });
    const at = (event) => {
      const box = event.target.closest(".frame")?.getBoundingClientRect();
      if (!box) return [view.x, view.y];
      return [view.x + ((event.clientX - box.left) / box.width - 0.5) / view.zoom, view.y + ((event.clientY - box.top) / box.height - 0.5) / view.zoom];
    };
    stage.addEventListener("dblclick", (event) => (view.zoom > 1 ? zoomTo(1, 0.5, 0.5) : zoomTo(3, ...at(event))));
    stage.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        zoomTo(view.zoom * Math.exp(-event.deltaY / 300), view.x, view.y);
      },
      { passive: false },
    );
  }

  stages.forEach(drag);
  pairs.forEach((pair, i) => keys(stages[i], pair.querySelector("h3").textContent));
  for (const pair of pairs) {
    for (const select of pair.querySelectorAll("select")) {
      select.addEventListener("change", () => show(pair, select.dataset.side, Number(select.value)));
    }
    const range = pair.querySelector(".cut input");
    if (range) range.addEventListener("input", () => ((view.cut = Number(range.value)), place()));
  }
  for (const input of document.querySelectorAll("input[name=expression], input[name=view]")) {
    input.addEventListener("change", arrange);
  }
  for (const input of document.querySelectorAll("input[name=zoom]")) {
    input.addEventListener("change", () => {
      [view.zoom, view.x, view.y] = input.value.split(" ").map(Number);
      place(true);
    });
  }
  if (pairs.length) {
    arrange();
    place();
    addEventListener("resize", measure);
  }

  // One photo, large.
  const viewer = document.getElementById("viewer");
  let current = -1;

  function open(number) {
    const figure = document.getElementById(`photo-${number}`);
    if (!figure) return;
    current = number;
    const img = new Image();
    img.src = large.get(number);
    img.alt = told.photos[number].title;
    viewer.querySelector("h2").textContent = told.photos[number].title;
    viewer.querySelector(".shown").replaceChildren(img, figure.querySelector("figcaption").cloneNode(true));
    for (const button of viewer.querySelectorAll("[data-go]")) {
      button.disabled = neighbour(Number(button.dataset.go)) < 0;
    }
    if (!viewer.open) viewer.showModal();
  }

  // The neighbouring day of the same expression.
  function neighbour(step) {
    const kind = told.photos[current].kind;
    for (let n = current + step; n >= 0 && n < told.photos.length; n += step) {
      if (told.photos[n].kind === kind) return n;
    }
    return -1;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#photo-']");
    if (!link) return;
    event.preventDefault();
    open(Number(link.getAttribute("href").slice(7)));
  });
  viewer.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (event.target === viewer || (button && "close" in button.dataset)) return viewer.close();
    if (button) open(neighbour(Number(button.dataset.go)));
  });
  viewer.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && neighbour(step) >= 0) open(neighbour(step));
  });
})();
