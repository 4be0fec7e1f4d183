// Zoom, layers, detail and keys. Without it the page is whole, only quieter.
(() => {
  "use strict";
  const charts = [...document.querySelectorAll(".chart")].map(chart);
  const px = (element, name) => parseFloat(getComputedStyle(element).getPropertyValue(name)) || 0;
  const rows = (text) => (text ? text.split(";").map((row) => row.split(" ").map(Number)) : []);

  function chart(root) {
    const scroll = root.querySelector(".scroll");
    const plot = root.querySelector(".plot");
    return { root, scroll, plot, z: 1, s: 0.01, scale: false };
  }

  // Pixels of the plot that no time takes.
  const MARGIN = 100;

  function ready(c) {
    c.axis = rows(c.root.dataset.axis);
    c.end = Math.max(1, Number(c.root.dataset.end));
    const last = c.axis[c.axis.length - 1];
    c.fixed = last[1] + last[3];
    c.gaps = Math.max(1, last[2]);
    c.room = () => Math.max(200, c.scroll.clientWidth - px(c.root, "--gutter") - MARGIN);
    c.ticks = [...c.plot.querySelectorAll(".tick")];
    c.badges = [...c.plot.querySelectorAll(".lane")].map((lane) => [...lane.querySelectorAll(".moment")]);
    // The whole run at a glance, where its gaps needn't shrink too much for that.
    c.z = Math.max(0.45, (c.room() - c.fixed) / c.gaps);
    c.s = c.room() / c.end;
    c.root.querySelectorAll("[data-zoom]").forEach((button) => {
      button.addEventListener("click", () => zoom(c, button.dataset.zoom));
    });
    c.root.querySelector("[data-scale]").addEventListener("change", (event) => {
      charts.forEach((each) => {
        each.scale = event.target.checked;
        each.root.classList.toggle("scale", each.scale);
        each.root.querySelector("[data-scale]").checked = each.scale;
        apply(each);
      });
    });
    c.root.querySelectorAll("[data-layer]").forEach((box) => box.addEventListener("change", () => folded(c)));
    c.scroll.addEventListener("scroll", () => {
      charts.forEach((each) => {
        if (each !== c && each.scroll.scrollLeft !== c.scroll.scrollLeft) each.scroll.scrollLeft = c.scroll.scrollLeft;
      });
    }, { passive: true });
    c.scroll.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(c, event.deltaY < 0 ? "in" : "out");
    }, { passive: false });
    keys(c);
    apply(c);
  }

  function x(c, ms) {
    if (c.scale) return ms * c.s;
    let low = 0;
    let high = c.axis.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (c.axis[middle][0] <= ms) low = middle; else high = middle - 1;
    }
    const [at, fixed, gaps, width] = c.axis[low];
    const next = c.axis[low + 1];
    if (at === ms || !next) return fixed + gaps * c.z;
    return fixed + width + (gaps + ((next[2] - gaps) * (ms - at)) / (next[0] - at)) * c.z;
  }

  function zoom(from, how) {
    const step = { in: 1.5, out: 1 / 1.5 }[how];
    charts.forEach((c) => {
      const middle = (c.scroll.scrollLeft + c.scroll.clientWidth / 2) / c.plot.offsetWidth;
      const least = c.room() / c.end;
      if (step) {
        c.z = Math.min(40, Math.max(0.05, c.z * step));
        c.s = Math.min(Math.max(least, 400000 / c.end), Math.max(least, c.s * step));
      } else {
        c.z = Math.max(0.05, (c.room() - c.fixed) / c.gaps);
        c.s = least;
      }
      apply(c);
      c.scroll.scrollLeft = middle * c.plot.offsetWidth - c.scroll.clientWidth / 2;
    });
  }

  function apply(c) {
    c.plot.style.setProperty("--z", c.z);
    c.plot.style.setProperty("--s", c.s);
    // Times that matter most first; the others where there is room.
    const taken = [];
    const put = (tick, place) => {
      const left = x(c, c.axis[place][0]);
      const right = left + tick.offsetWidth + 6;
      const out = taken.some((other) => left < other[1] && other[0] < right);
      tick.classList.toggle("out", out);
      if (!out) taken.push([left, right]);
    };
    c.ticks.forEach((tick, place) => { if (tick.classList.contains("key")) put(tick, place); });
    c.ticks.forEach((tick, place) => { if (!tick.classList.contains("key")) put(tick, place); });
    c.badges.forEach((badges) => {
      let free = -1;
      badges.forEach((badge) => {
        badge.classList.remove("out");
        const out = badge.offsetLeft < free;
        badge.classList.toggle("out", out);
        if (!out) free = badge.offsetLeft + 26;
      });
    });
    folded(c);
  }

  // Heartbeats and packets come as numbers and are drawn when somebody asks for them.
  function folded(c) {
    const box = c.plot.querySelector(".folded");
    if (!box) return;
    const wants = (name) => c.root.querySelector(`[data-layer="${name}"]`)?.checked;
    const height = px(c.root, "--h");
    const top = (row) => px(c.root, "--axis") + row * height + px(c.root, "--nh");
    const server = Number(box.dataset.server);
    const foot = top(server) + 43;
    let got = "";
    let lost = "";
    if (wants("heartbeats")) {
      rows(box.dataset.beats).forEach(([sent, arrived, lane, up]) => {
        const from = x(c, sent);
        if (arrived) got += up ? `M${from} ${top(lane)}L${x(c, arrived)} ${foot}` : `M${from} ${foot}L${x(c, arrived)} ${top(lane)}`;
        else lost += up ? `M${from} ${top(lane)}v-12m-3 -3l6 6m0 -6l-6 6` : `M${from} ${foot}v12m-3 -3l6 6m0 -6l-6 6`;
      });
    }
    if (wants("packets")) {
      rows(box.dataset.packets).forEach(([at, lane]) => {
        got += lane === server ? `M${x(c, at)} ${foot}v9` : `M${x(c, at)} ${top(lane) + 2}v-9`;
      });
    }
    box.replaceChildren();
    if (!got && !lost) return;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    [[got, ""], [lost, "lost"]].forEach(([d, name]) => {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", d);
      path.setAttribute("class", name);
      svg.append(path);
    });
    box.append(svg);
  }

  // One stop for the tab key in each lane; arrows go from mark to mark.
  function keys(c) {
    const lanes = [...c.plot.querySelectorAll(".lane")].map((lane) => [...lane.querySelectorAll("a.mark")]);
    const used = lanes.filter((marks) => marks.length);
    used.forEach((marks) => marks.forEach((mark, place) => { mark.tabIndex = place ? -1 : 0; }));
    c.plot.addEventListener("keydown", (event) => {
      const row = used.findIndex((marks) => marks.includes(event.target));
      if (row < 0) return;
      const marks = used[row];
      const place = marks.indexOf(event.target);
      const beside = (other) => {
        const left = event.target.offsetLeft;
        return other?.reduce((best, mark) => (Math.abs(mark.offsetLeft - left) < Math.abs(best.offsetLeft - left) ? mark : best));
      };
      const next = {
        ArrowRight: () => marks[place + 1], ArrowLeft: () => marks[place - 1],
        ArrowDown: () => beside(used[row + 1]), ArrowUp: () => beside(used[row - 1]),
        Home: () => marks[0], End: () => marks[marks.length - 1],
      }[event.key]?.();
      if (!next) return;
      event.preventDefault();
      marks.forEach((mark) => { mark.tabIndex = -1; });
      next.tabIndex = 0;
      next.focus({ preventScroll: true });
      reveal(c, next);
    });
  }

  function reveal(c, mark) {
    const left = mark.offsetLeft;
    const view = c.scroll.clientWidth - px(c.root, "--gutter") - 40;
    if (left < c.scroll.scrollLeft || left > c.scroll.scrollLeft + view) c.scroll.scrollLeft = left - view / 2;
    mark.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // What an event is, beside its mark.
  const card = document.createElement("div");
  card.className = "card";
  card.hidden = true;
  document.body.append(card);
  let pinned = null;

  function show(mark) {
    const item = document.getElementById(mark.hash.slice(1));
    if (!item) return;
    document.querySelectorAll(".current").forEach((each) => each.classList.remove("current"));
    [item, mark].forEach((each) => each.classList.add("current"));
    card.replaceChildren(...[...item.children].map((child) => {
      const copy = child.cloneNode(true);
      const line = document.createElement("p");
      line.append(copy);
      return line;
    }));
    const link = document.createElement("a");
    link.href = mark.hash;
    link.textContent = "in the list";
    card.append(link);
    card.hidden = false;
    const box = mark.getBoundingClientRect();
    const left = Math.min(box.left, document.documentElement.clientWidth - card.offsetWidth - 12);
    const below = box.bottom + card.offsetHeight + 12 < innerHeight;
    card.style.left = `${Math.max(8, left) + scrollX}px`;
    card.style.top = `${(below ? box.bottom + 6 : box.top - card.offsetHeight - 6) + scrollY}px`;
  }

  function hide() {
    pinned = null;
    card.hidden = true;
    document.querySelectorAll(".current").forEach((each) => each.classList.remove("current"));
  }

  const mark = (event) => event.target.closest?.(".chart a.mark");
  document.addEventListener("mouseover", (event) => { if (!pinned && mark(event)) show(mark(event)); });
  document.addEventListener("mouseout", (event) => { if (!pinned && mark(event)) hide(); });
  document.addEventListener("focusin", (event) => { if (mark(event)) { pinned = null; show(mark(event)); } });
  document.addEventListener("click", (event) => {
    if (mark(event)) {
      event.preventDefault();
      pinned = mark(event);
      show(pinned);
    } else if (!card.contains(event.target) || event.target.closest("a")) hide();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  document.querySelectorAll("[data-filter]").forEach((input) => {
    input.closest(".filter").hidden = false;
    input.addEventListener("input", () => {
      const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      input.closest("section").querySelectorAll("ol.events > li, tbody > tr").forEach((row) => {
        const text = row.textContent.toLowerCase();
        row.hidden = !wanted.every((word) => text.includes(word));
      });
    });
  });

  charts.forEach(ready);
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    charts.forEach(apply);
  });
})();
