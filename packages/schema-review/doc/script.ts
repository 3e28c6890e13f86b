/** The search of the page; without it everything is there all the same. Runs in browsers as it stands. */
export const SCRIPT = `
(() => {
  const MAX = 50;
  const input = document.getElementById('search');
  const list = document.getElementById('results');
  const count = document.getElementById('count');
  const all = [...document.querySelectorAll('[data-find]')].map((node) => ({
    id: node.id, name: node.dataset.find, kind: node.dataset.kind, low: node.dataset.find.toLowerCase(),
  }));
  let found = [];
  let at = -1;

  const score = (low, words) => {
    let sum = 0;
    for (const word of words) {
      const index = low.indexOf(word);
      if (index < 0) return -1;
      sum += index === 0 ? 3 : /[./]/.test(low[index - 1]) ? 2 : 1;
    }
    return sum - low.length / 200;
  };

  const mark = (next) => {
    at = next;
    [...list.children].forEach((item, index) => item.setAttribute('aria-selected', index === at));
    const item = list.children[at];
    if (item) { item.scrollIntoView({ block: 'nearest' }); input.setAttribute('aria-activedescendant', item.id); }
    else input.removeAttribute('aria-activedescendant');
  };

  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    mark(-1);
  };

  const search = () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
    if (words.length === 0) { count.textContent = ''; return close(); }
    const scored = all.map((one) => ({ one, points: score(one.low, words) })).filter(({ points }) => points >= 0);
    scored.sort((a, b) => b.points - a.points);
    found = scored.slice(0, MAX).map(({ one }) => one);
    list.replaceChildren(...found.map((one, index) => {
      const item = document.createElement('li');
      item.id = 'result-' + index;
      item.setAttribute('role', 'option');
      const kind = document.createElement('small');
      kind.textContent = one.kind;
      item.append(one.name, kind);
      item.addEventListener('mousedown', (event) => { event.preventDefault(); go(index); });
      return item;
    }));
    count.textContent = scored.length === 0 ? 'nothing found' : scored.length + ' found';
    list.hidden = found.length === 0;
    input.setAttribute('aria-expanded', String(found.length > 0));
    mark(found.length > 0 ? 0 : -1);
  };

  const go = (index) => {
    const one = found[index];
    if (!one) return;
    close();
    location.hash = one.id;
    const target = document.getElementById(one.id);
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  };

  input.addEventListener('input', search);
  input.addEventListener('focus', search);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { if (list.hidden) input.blur(); close(); }
    else if (event.key === 'Enter') go(at);
    else if (event.key === 'ArrowDown') { if (list.hidden) search(); else mark(Math.min(at + 1, found.length - 1)); event.preventDefault(); }
    else if (event.key === 'ArrowUp') { mark(Math.max(at - 1, 0)); event.preventDefault(); }
  });
  addEventListener('keydown', (event) => {
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) { event.preventDefault(); input.focus(); input.select(); }
  });
})();
`;
