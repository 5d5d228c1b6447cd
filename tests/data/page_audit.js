// Returns what falls short of: type of 18 px for remarks and 20 px for the rest, contrast of
// 7:1 (4.5:1 for what is switched off), targets of 48 px, choices of 56 px, one height in the last row, nothing cut at the side.
() => {
  const found = [];
  const name = (e) => (e.id ? "#" + e.id : e.tagName.toLowerCase() + "." + e.className) + " " + e.textContent.trim().slice(0, 12);
  const parts = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const part = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const isShown = (e) => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(e).visibility !== "hidden";
  };
  for (const e of document.body.querySelectorAll("*")) {
    const hasWords = Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!isShown(e) || e.closest("noscript, option, .skip, .sr") || !hasWords) continue;
    const style = getComputedStyle(e);
    const isRemark = e.closest(".by, .state, .over");
    if (parseFloat(style.fontSize) < (isRemark ? 18 : 20)) found.push("type " + style.fontSize + ": " + name(e));
    const [a, b] = [light(parts(style.color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const isOff = e.closest(":disabled");
    if (ratio < (isOff ? 4.5 : 7)) found.push("contrast " + ratio.toFixed(2) + ": " + name(e));
  }
  for (const e of document.querySelectorAll("button, select, textarea, .alarm a, .shots a")) {
    if (!isShown(e) || e.disabled) continue;
    const box = e.getBoundingClientRect();
    const least = e.matches(".choice, #words, #send") ? 56 : 48;
    if (box.height < least || box.width < 48) found.push("target " + box.width + "x" + box.height + ": " + name(e));
  }
  const row = Array.from(document.querySelectorAll("#add-photo, #words, #send"), (e) => e.getBoundingClientRect().height);
  if (Math.max(...row) - Math.min(...row) > 1) found.push("heights in the last row: " + row.join(" "));
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) found.push("wider than the screen");
  return found;
}
