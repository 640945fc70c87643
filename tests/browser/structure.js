() => {
  const found = {ids: [], focus: [], headings: [], page: [], figures: [], tables: []};
  const text = e => (e ? e.textContent : '').replace(/[\s\u00ad]+/g, ' ').trim();
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const ids = all('[id]').map(e => e.id);
  found.ids = [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))];
  for (const link of all('a[href^="#"]'))
    if (!document.getElementById(decodeURIComponent(link.hash.slice(1))))
      found.ids.push(`a link to ${link.hash}`);
  const native = 'a[href], button, input, select, textarea, summary';
  found.focus = all('[tabindex]').filter(e => !e.matches(native) && !e.hasAttribute('role'))
    .map(e => e.outerHTML.slice(0, 100));
  let last = 0;
  for (const heading of all('h1, h2, h3, h4, h5, h6')) {
    const level = Number(heading.tagName[1]);
    if (level > last + 1) found.headings.push(`${heading.tagName} after H${last}: ${text(heading)}`);
    last = level;
  }
  if (all('h1').length !== 1) found.headings.push(`${all('h1').length} titles`);
  if (document.documentElement.lang !== 'nl') found.page.push('not in Dutch');
  if (!document.title.startsWith(text(document.querySelector('h1')).slice(0, 12)))
    found.page.push(`title ${document.title}`);
  for (const name of ['header', 'main', 'footer'])
    if (all(`body > ${name}`).length !== 1) found.page.push(`no ${name}`);
  if (!document.querySelector('a.skip[href="#main"]')) found.page.push('no skip link');
  const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]');
  if (!/^default-src 'none';/.test(policy?.content ?? '') || /unsafe|https?:|\*/.test(policy.content))
    found.page.push('no strict policy');
  for (const figure of all('figure')) {
    const wrong = [], image = figure.querySelector('img'), captions = [
      text(figure.querySelector('.cop-headline')), text(figure.querySelector('.cop-subtitle'))];
    const note = text(figure.querySelector('figcaption .cop-note'));
    if (!/^Figuur \S+\. \S/.test(captions[0])) wrong.push('no number or headline');
    if (!captions[1]) wrong.push('no subtitle');
    if (!image || image.alt.trim().length < 30) wrong.push('no alternative text');
    else if (captions.some(c => c.endsWith(image.alt.trim()))) wrong.push('alt is the caption');
    if (!image?.complete || !image.naturalWidth) wrong.push('no picture');
    if (!figure.querySelector('picture source[media]')) wrong.push('no drawing for the phone');
    if (!/Basis: \S/.test(note)) wrong.push('no base');
    if (!/Bron: \S/.test(note)) wrong.push('no source');
    if (!figure.querySelector('details table')) wrong.push('no data in a fold');
    if (!figure.querySelector('details a[download$=".csv"]')) wrong.push('no CSV');
    if (wrong.length) found.figures.push(`${figure.id}: ${wrong.join(', ')}`);
  }
  for (const table of all('table')) {
    const wrong = [], note = text(table.closest('.cop-table')?.querySelector('.cop-note'));
    if (table.closest('.cop-table')) {
      if (!/^(Tabel|Gegevens bij figuur) \S+\. \S/.test(text(table.caption))) wrong.push('caption');
      if (!/Basis: \S/.test(note)) wrong.push('no base');
      if (!/Bron: \S/.test(note)) wrong.push('no source');
      const numbers = all('td.cop-n', table).map(text);
      const counted = numbers.some(n => /^\d[\d.]*$/.test(n)) || /n = \d/.test(note);
      if (numbers.some(n => /\d%/.test(n)) && !counted) wrong.push('no n');
    }
    if (all('th', table).some(th => !th.scope)) wrong.push('headers without scope');
    if (!all('th', table).length) wrong.push('no headers');
    if (/\d\.\d+%|\b0\.\d/.test(all('td.cop-n', table).map(text).join(' '))) wrong.push('a decimal point');
    if (wrong.length) found.tables.push(`${table.id}: ${wrong.join(', ')}`);
  }
  return found;
}
