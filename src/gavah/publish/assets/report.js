// The page without this script is whole but for search and sorting. It asks for nothing and stores nothing.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { heard, matches } = gavahFold(data.letters);
  const root = document.documentElement;

  const digits = (n, lang) => n.toLocaleString(lang === "fa" ? "fa-IR-u-nu-arabext" : "en-GB");

  const make = (name, className) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    return made;
  };

  class Cases {
    constructor(view, which) {
      this.lang = view.lang;
      this.which = which;
      this.texts = data.texts[view.lang];
      this.table = view.querySelector("table.cases");
      this.body = this.table.tBodies[0];
      this.status = view.querySelector(".found");
      this.more = view.querySelector(".more");
      this.labels = [...this.table.tHead.rows[0].cells].map((cell) => cell.textContent);
      this.rows = data.rows;
      this.shown = 0;
      this.column = null;
      this.down = false;
      const search = view.querySelector(".search");
      search.hidden = false;
      this.input = search.querySelector("input");
      let waiting = 0;
      this.input.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => this.apply(), 80);
      });
      this.more.querySelector("button").addEventListener("click", () => this.extend());
      for (const cell of this.table.tHead.rows[0].cells) this.sortable(cell);
      this.apply();
    }

    sortable(cell) {
      if (!("sort" in cell.dataset)) return;
      const button = make("button");
      button.type = "button";
      button.textContent = cell.textContent;
      cell.replaceChildren(button);
      button.addEventListener("click", () => {
        const column = Number(cell.dataset.sort);
        this.down = this.column === column && !this.down;
        this.column = column;
        for (const other of this.table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        cell.setAttribute("aria-sort", this.down ? "descending" : "ascending");
        this.apply();
      });
    }

    apply() {
      const words = heard(this.input.value);
      this.rows = words.length ? data.rows.filter((row) => matches(row.k, words)) : data.rows.slice();
      if (this.column !== null) {
        const way = this.down ? -1 : 1, column = this.column;
        this.rows.sort((a, b) => {
          const x = a.s[column], y = b.s[column];
          return x < y ? -way : x > y ? way : 0;
        });
      }
      this.body.replaceChildren();
      this.shown = 0;
      this.extend();
    }

    extend() {
      const part = document.createDocumentFragment();
      for (const row of this.rows.slice(this.shown, this.shown + data.step)) part.append(this.row(row));
      this.body.append(part);
      this.shown = Math.min(this.shown + data.step, this.rows.length);
      this.more.hidden = this.shown >= this.rows.length;
      const all = this.rows.length === data.rows.length;
      const text = this.rows.length ? (all ? this.texts.all : this.texts.found) : this.texts.none;
      this.status.textContent = text
        .replace("#shown", digits(this.shown, this.lang))
        .replace("#found", digits(this.rows.length, this.lang))
        .replace("#all", digits(data.rows.length, this.lang));
    }

    row(row) {
      const made = make("tr");
      row.c.forEach((lines, i) => {
        const cell = make("td");
        if (lines.length) cell.dataset.label = this.labels[i];
        for (const [style, ...items] of lines) {
          const line = make("div", style);
          items.forEach((item, j) => {
            if (j) line.append(" ");
            const part = make(typeof item === "string" ? "bdi" : "span");
            part.textContent = typeof item === "string" ? item : data.phrases[item][this.which];
            line.append(part);
          });
          cell.append(line);
        }
        made.append(cell);
      });
      return made;
    }
  }

  const views = [...document.querySelectorAll("main.view")];
  views.forEach((view, which) => new Cases(view, which));

  const chosen = () => {
    const view = views.find((one) => document.getElementById("lang-" + one.lang).checked);
    root.lang = view.lang;
    root.dir = view.dir;
  };
  const asked = () => {
    const lang = location.hash.slice(1, 3);
    const choice = document.getElementById("lang-" + lang);
    if (choice) choice.checked = true;
    chosen();
  };
  for (const choice of document.querySelectorAll("input.choice")) choice.addEventListener("change", chosen);
  addEventListener("hashchange", asked);
  asked();
})();
