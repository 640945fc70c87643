"use strict";
(() => {
  const MOST = 50, BEFORE = 60, AROUND = 200;
  const form = document.getElementById("search");
  const field = document.getElementById("search-field");
  const found = document.getElementById("search-found");
  const packed = document.getElementById("search-data");
  if (!form || !("DecompressionStream" in window)) return;
  form.hidden = false;

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const made = (name, text, parent) => {
    const element = document.createElement(name);
    element.textContent = text;
    parent.append(element);
    return element;
  };

  async function unpacked() {
    const bytes = Uint8Array.from(atob(packed.textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const index = await new Response(stream).json();
    index.sections = index.sections.map(([page, url, title, text]) => {
      const whole = text.normalize("NFC");
      return { page: index.pages[page], url, title, text: whole, head: plain(title), body: plain(whole) };
    });
    return index.sections;
  }

  function score(section, words) {
    let total = 0;
    for (const word of words) {
      const inHead = section.head.includes(word);
      const inBody = section.body.split(word).length - 1;
      if (!inHead && !inBody) return 0;
      total += (inHead ? 20 : 0) + Math.min(inBody, 10);
    }
    return total;
  }

  function snippet(section, words, parent) {
    const places = words.map((word) => section.body.indexOf(word)).filter((place) => place >= 0);
    if (!places.length) return;
    const whole = section.text.split("\n")[0].length; // after it loose words, which read as nothing
    const first = Math.min(...places) < whole ? Math.min(...places) : 0;
    const start = first < BEFORE ? 0 : section.text.lastIndexOf(" ", first - BEFORE) + 1;
    const far = start + AROUND < whole ? section.text.lastIndexOf(" ", start + AROUND) : whole;
    const end = far > first ? far : whole;
    const line = made("p", start ? "… " : "", parent);
    let at = start;
    while (at < end) {
      const next = words
        .map((word) => [section.body.indexOf(word, at), word.length])
        .filter(([place]) => place >= 0 && place < end)
        .sort((a, b) => a[0] - b[0] || b[1] - a[1])[0];
      line.append(section.text.slice(at, next ? next[0] : end));
      if (!next) break;
      made("mark", section.text.slice(next[0], next[0] + next[1]), line);
      at = next[0] + next[1];
    }
    if (end < whole) line.append(" …");
  }

  function show(sections, query) {
    const words = [...new Set(plain(query).split(/\s+/).filter(Boolean))];
    const hits = words.length
      ? sections
          .map((section) => ({ section, points: score(section, words) }))
          .filter((hit) => hit.points)
          .sort((a, b) => b.points - a.points)
      : [];
    found.replaceChildren();
    found.hidden = !words.length;
    if (!words.length) return;
    const many = hits.length === 1 ? "1 onderdeel gevonden" : `${hits.length} onderdelen gevonden`;
    const most = hits.length > MOST ? `, de eerste ${MOST} staan hier` : "";
    made("p", hits.length ? `${many}${most}.` : "Niets gevonden.", found).setAttribute("role", "status");
    if (!hits.length) return;
    const list = made("ul", "", found);
    for (const { section } of hits.slice(0, MOST)) {
      const item = made("li", "", list);
      made("a", section.title, item).href = section.url;
      if (section.page !== section.title) made("span", ` ${section.page}`, item);
      snippet(section, words, item);
    }
  }

  if (!packed) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      location.href = `${form.dataset.page}#${encodeURIComponent(field.value)}`;
    });
    return;
  }
  const index = unpacked();
  const search = async () => show(await index, field.value);
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  field.addEventListener("input", search);
  if (form.dataset.page) {
    const asked = () => { field.value = decodeURIComponent(location.hash.slice(1)); search(); };
    addEventListener("hashchange", asked);
    asked();
    field.focus();
  }
})();
