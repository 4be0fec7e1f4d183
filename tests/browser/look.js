// Run inside a page: what a reader would stumble over. Returns a list of complaints.
(() => {
  const complaints = [];
  const say = (what) => { if (complaints.length < 20) complaints.push(what); };
  const view = document.documentElement;
  // What scrolls under a lane's name is covered by it, not over it.
  document.querySelectorAll(".scroll").forEach((box) => { box.scrollLeft = 0; });
  if (view.scrollWidth > innerWidth + 1) say(`the page is ${view.scrollWidth} px wide on ${innerWidth}`);

  const style = new Map();
  const of = (element) => {
    if (!style.has(element)) style.set(element, getComputedStyle(element));
    return style.get(element);
  };
  // What of a rectangle is not cut off by what it stands in.
  const visible = (rect, element) => {
    let [left, top, right, bottom] = [rect.left, rect.top, rect.right, rect.bottom];
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      const overflow = of(box);
      if (overflow.overflowX === "visible" && overflow.overflowY === "visible") continue;
      const edge = box.getBoundingClientRect();
      if (overflow.overflowX !== "visible") { left = Math.max(left, edge.left); right = Math.min(right, edge.right); }
      if (overflow.overflowY !== "visible") { top = Math.max(top, edge.top); bottom = Math.min(bottom, edge.bottom); }
    }
    return right - left > 1.5 && bottom - top > 1.5 ? { left, top, right, bottom } : null;
  };

  const number = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (element) => {
    for (let box = element; box; box = box.parentElement) {
      const colour = number(of(box).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".skip")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    let seen = false;
    for (const rect of range.getClientRects()) {
      const box = visible(rect, element);
      if (!box) continue;
      seen = true;
      texts.push({ box, node, element });
    }
    if (!seen) continue;
    const [ink, paper] = [luminance(number(of(element).color)), luminance(ground(element))];
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (contrast < 4.5) say(`contrast ${contrast.toFixed(2)}: ${node.data.trim().slice(0, 40)} (${element.className || element.tagName})`);
  }
  texts.sort((a, b) => a.box.top - b.box.top);
  texts.forEach((one, place) => {
    for (let next = place + 1; next < texts.length && texts[next].box.top < one.box.bottom - 2; next += 1) {
      const other = texts[next];
      const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const high = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
      if (wide > 1.5 && high > 2.5 && one.node !== other.node) {
        say(`overlap: "${one.node.data.trim().slice(0, 40)}" and "${other.node.data.trim().slice(0, 40)}" at ${Math.round(other.box.left)},${Math.round(other.box.top)}`);
      }
    }
  });

  // Each event in the list is seen, and has its mark on a lane.
  document.querySelectorAll("ol.events > li").forEach((item) => {
    const mark = document.getElementById(`m${item.id.slice(1)}`);
    const box = item.getBoundingClientRect();
    if (!box.width || !box.height) say(`event not shown: ${item.textContent}`);
    if (!mark || !mark.getBoundingClientRect().width) say(`no mark: ${item.textContent}`);
  });
  return complaints;
})();
