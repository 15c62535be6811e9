// Search of the people's list and the look-up of a name. It loads the parts of the index it needs as scripts from this folder, asks for
// nothing else and stores nothing.
(() => {
  const form = document.querySelector("form.search");
  const { root, home, which, step } = form.dataset;
  const texts = form.dataset, most = Number(step), column = Number(which);
  const digits = (n) => n.toLocaleString(texts.lang === "fa" ? "fa-IR-u-nu-arabext" : "en-GB");
  const held = new Map(), coming = new Map();
  let depth = 1, names = [], fold = null, signed = {};

  globalThis.gavahShard = (name, rows) => held.set(name, rows);
  globalThis.gavahIndex = (given) => {
    depth = given.depth; names = given.shards; signed = given.signs; fold = gavahFold(given.letters);
    form.hidden = false;
    start();
  };

  const load = (name) => {
    if (!coming.has(name)) coming.set(name, new Promise((done) => {
      const script = document.createElement("script");
      script.src = root + "search/" + name + ".js";
      script.onload = () => done(held.get(name) ?? []);
      script.onerror = () => done([]);
      document.head.append(script);
    }));
    return coming.get(name);
  };
  const parts = (signs) => [...signs].slice(0, depth).map((sign) => signed[sign] ?? sign).join("-");
  const near = (signs) => {
    const begun = parts(signs);
    return names.filter((name) => name === begun || (signs.length < depth && name.startsWith(begun + "-")));
  };
  const rowsOf = async (shards) => {
    const all = new Map();
    for (const rows of await Promise.all(shards.map(load))) for (const row of rows) all.set(row[0], row);
    return [...all.values()];
  };

  const search = async (words) => {
    const main = words.reduce((a, b) => (b.signs.length > a.signs.length ? b : a));
    return (await rowsOf(near(main.signs))).filter((row) => fold.matches(row[3], words));
  };

  // Edit distance of two short texts, up to 2.
  const apart = (a, b) => {
    if (Math.abs(a.length - b.length) > 2) return 3;
    let before = [...b].map((_, at) => at + 1);
    before.unshift(0);
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= b.length; j += 1)
        row.push(Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
      before = row;
    }
    return before[b.length];
  };
  const arabic = (text) => /[\u0600-\u06ff]/.test(text);
  // The long vowels that Persian writes, as far as a word of either script shows them.
  const vowels = (word) => (arabic(word) ? [/\u06cc/, /\u0648/] : [/[iy]|ee/, /u|oo|w/]).map((sign) => sign.test(word)).join();
  // 0: the very word; up to 1: the same sounds, in another script or spelling; then a sound apart; null: another name.
  const weighWord = ({ word, signs }, folded, sounds) => {
    if (folded.includes(word)) return 0;
    const heard = Math.min(...sounds.map((other) => apart(signs, other)));
    if (heard > (signs.length > 2 ? 1 : 0)) return null;
    const twin = folded.some((other) => fold.skeleton(other) === signs && vowels(other) === vowels(word));
    return heard * 2 + (twin ? 0.5 : 1);
  };
  const weigh = (row, words) => {
    const [text, heard] = row[3].split("|");
    const folded = text.split(" "), sounds = heard.split(" ");
    let cost = 0;
    for (const word of words) {
      const more = weighWord(word, folded, sounds);
      if (more === null) return null;
      cost += more;
    }
    return cost;
  };
  const lookUp = async (words) => {
    const rows = await rowsOf([...new Set(words.flatMap(({ signs }) => near(signs)))]);
    const found = rows.map((row) => ({ row, cost: weigh(row, words) })).filter(({ cost }) => cost !== null);
    found.sort((a, b) => a.cost - b.cost || (a.row[0] < b.row[0] ? -1 : 1));
    return [found.filter(({ cost }) => cost === 0), found.filter(({ cost }) => cost > 0)].map((part) => part.map(({ row }) => row));
  };

  const make = (tag, text) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const hit = (row) => {
    const [number, known, lines] = row, last = number.slice(-1).toLowerCase();
    const item = make("li"), link = make("a");
    link.href = `${home}case/${/[0-9a-z]/.test(last) ? last : "0"}/${number}.html`;
    const rtl = document.documentElement.dir === "rtl";
    const ordered = [...known].sort((a, b) => (arabic(a) !== rtl) - (arabic(b) !== rtl));
    link.append(make("bdi", ordered[0] ?? texts.noName));
    item.append(link);
    ordered.slice(1).forEach((name) => item.append(" ", make("bdi", name)));
    const line = make("span", lines[column]);
    line.className = "note";
    item.append(line);
    return item;
  };
  const fill = (list, rows) => {
    list.replaceChildren(...rows.slice(0, most).map(hit));
    list.hidden = rows.length === 0;
  };

  const start = () => {
    const input = form.querySelector("input"), listed = document.querySelector(".listed");
    const status = document.querySelector(".found"), hits = document.querySelector(".hits");
    const second = document.querySelector(".answer.near"), others = document.querySelector(".hits.near");
    let asked = 0;
    const answer = async () => {
      const words = fold.heard(input.value), mine = (asked += 1);
      if (listed) listed.hidden = words.length > 0;
      if (!words.length) {
        status.textContent = "";
        fill(hits, []);
        if (second) { second.textContent = ""; fill(others, []); }
        return;
      }
      status.textContent = texts.wait;
      const found = second ? await lookUp(words) : [await search(words)];
      if (mine !== asked) return;
      const [first, rest] = found;
      fill(hits, first);
      if (second) {
        fill(others, rest);
        status.textContent = first.length ? texts.yes.replace("#n", digits(first.length)) : rest.length ? texts.perhaps : texts.no;
        second.textContent = rest.length ? texts.near.replace("#n", digits(rest.length)) : "";
      } else {
        const text = !first.length ? texts.nobody : first.length > most ? texts.foundMore : texts.found;
        status.textContent = text.replace("#found", digits(first.length)).replace("#shown", digits(most));
      }
    };
    let waiting = 0;
    form.addEventListener("submit", (event) => { event.preventDefault(); answer(); });
    if (!second) input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(answer, 120); });
    const given = new URLSearchParams(location.hash.slice(1)).get("q");
    if (given) { input.value = given; answer(); }
  };
})();
