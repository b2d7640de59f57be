// The page of a report. All that comes from the analysed repository goes onto it as text: textContent, text nodes, setAttribute.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const WORDS = { "collection-error": "not collected", "runtime-error": "fails", "silenced": "silenced", "at-risk": "at risk" };
  const ORDER = Object.keys(WORDS);
  const state = { group: null, verdicts: new Set(), query: "", test: null };

  // ---- elements -----------------------------------------------------------------------------------------------------------------

  const fill = (node, attributes, children) => {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (typeof value === "function") node.addEventListener(name, value);
      else if (value !== null && value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  };
  const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
  const plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
  const place = (path, line) => (line ? `${path}:${line}` : path);
  const split = (path) => { const cut = path.lastIndexOf("/") + 1; return [path.slice(0, cut), path.slice(cut)]; };
  const clip = (text, length) => (text.length <= length ? text : `${text.slice(0, Math.ceil(length / 3) - 1)}…${text.slice(-Math.floor((2 * length) / 3))}`);

  // Long names break where their parts meet.
  const soft = (text) => text.split(/(?<=[._/])/).flatMap((part, index) => (index ? [document.createElement("wbr"), part] : [part]));

  // A line of Python in colours; `name`, which is gone, is underlined.
  const TOKENS = /(#.*$)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\b(from|import|as|def|class|return|with|async|await|for|in|if|else|not|and|or|lambda|None|True|False)\b/g;
  const marked = (text, name) => {
    const parts = name ? text.split(name) : [text];
    return parts.flatMap((part, index) => (index ? [el("mark", { title: "gone" }, name), part] : [part]));
  };
  const python = (code, group) => {
    const name = group && (code.includes(group.name) ? group.name : group.name.split(".").pop());
    const out = [];
    let end = 0;
    for (const match of code.matchAll(TOKENS)) {
      out.push(...marked(code.slice(end, match.index), name));
      const kind = match[1] ? "comment" : match[2] ? "string" : "keyword";
      out.push(el("span", { class: kind }, ...(kind === "string" ? marked(match[0], name) : [match[0]])));
      end = match.index + match[0].length;
    }
    return [...out, ...marked(code.slice(end), name)];
  };

  // ---- what there is ------------------------------------------------------------------------------------------------------------

  data.tests.forEach((test, number) => {
    const sites = test.routes.map(([site]) => data.sites[site]);
    test.number = number;
    test.groups = new Set(sites.map((site) => site.group));
    const words = sites.flatMap((site) => [site.path, site.code, site.exception, data.groups[site.group].name, data.groups[site.group].new || ""]);
    test.text = [test.path, test.exception, ...test.nodes, ...words].join("\n").toLowerCase();
  });
  const kept = (test, any) =>
    (any || state.group === null || test.groups.has(state.group)) &&
    (!state.verdicts.size || state.verdicts.has(test.verdict)) &&
    state.query.split(/\s+/).every((word) => test.text.includes(word));

  // ---- the list of tests --------------------------------------------------------------------------------------------------------

  const rows = data.tests.map((test) => {
    const [directory, name] = split(test.path);
    return el("div", { class: `row ${test.verdict}`, role: "option", id: `test-${test.number}`, tabindex: "-1", "aria-selected": "false" },
      el("div", { class: "path", title: test.path }, el("span", { class: "dir" }, directory), el("span", {}, name)),
      el("div", { class: "kind" }, WORDS[test.verdict]),
      el("div", { class: "why", title: test.exception }, test.exception));
  });
  const nothing = el("div", { class: "none", hidden: "" }, "No test matches. Esc shows all of them.");
  let shown = [];

  const select = (number, { focus = false, scroll = false } = {}) => {
    if (state.test !== null) rows[state.test].setAttribute("aria-selected", "false"), rows[state.test].setAttribute("tabindex", "-1");
    state.test = number;
    if (number !== null) {
      rows[number].setAttribute("aria-selected", "true");
      rows[number].setAttribute("tabindex", "0");
      if (scroll) rows[number].scrollIntoView({ block: "nearest" });
      if (focus) rows[number].focus({ preventScroll: true });
    }
    detail();
    picture.pick();
  };
  const step = (by) => {
    const at = shown.findIndex((test) => test.number === state.test);
    const next = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
    if (next) select(next.number, { focus: true, scroll: true });
  };

  // ---- why a test breaks --------------------------------------------------------------------------------------------------------

  // The lines around a site, the one that breaks among them, and what it would be; a name is underlined from there on.
  const excerpt = (site, group) => {
    const [first, lines] = site.around || [site.line, [site.code]];
    const shared = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)), 200);
    const row = (kind, number, line, underlined) => el("span", { class: `line ${kind}` }, el("span", { class: "number" }, number || ""), el("span", { class: "text" }, ...python(line, underlined), "\n"));
    return el("code", { class: "code", ...(site.mended === null ? {} : { title: "suggested edit" }) }, ...lines.flatMap((line, index) => {
      const number = first + index, text = line.slice(shared);
      if (number !== site.line) return [row("", number, text, number > site.line && group)];
      if (site.mended === null) return [row("broken", number, text, group)];
      return [row("minus", number, text, group), row("plus", "", text.slice(0, Math.max(0, text.search(/\S/))) + site.mended, null)];
    }));
  };
  const remedy = (site, group) => { const text = (site && site.remedy) || group.remedy; return text ? el("p", { class: "remedy" }, `→ ${text}`) : null; };
  const facts = (group, advice) => [
    el("div", {}, el("span", { class: "place" }, ...soft(group.name || "no single thing")), ` ${group.fate}`, group.new ? " to " : "", group.new ? el("span", { class: "place" }, ...soft(group.new)) : ""),
    advice,
    group.evidence.length ? el("ul", {}, ...group.evidence.map((line) => el("li", {}, line))) : null,
  ];
  const codes = new Map(data.steps);
  const onward = (path, line) => { const code = codes.get(place(path, line)); return code ? el("code", { class: "code" }, ...python(code.trim(), null)) : null; };
  const route = ([number, chain]) => {
    const site = data.sites[number];
    const group = data.groups[site.group];
    const steps = chain.map(([path, line], index) => {
      const last = index === chain.length - 1;
      const role = [index ? "" : "the test", last ? "names what is gone" : index ? (chain[index - 1][1] ? "imported by the one above" : "run by pytest for the one above") : ""].filter(Boolean).join(", ");
      return el("li", { class: index === 0 ? "test" : "" }, el("span", { class: "place" }, ...soft(place(path, line))), " ", el("span", { class: "role" }, role), last && site.code ? excerpt(site, group) : onward(path, line));
    });
    return el("ol", { class: "chain" }, ...steps, el("li", { class: "gone" }, ...facts(group, remedy(site, group))));
  };
  const listed = (items, limit, make, noun) => [
    ...items.slice(0, limit).map(make),
    items.length > limit ? el("p", { class: "more" }, `and ${plural(items.length - limit, `more ${noun}`)}`) : null,
  ];
  const ofTest = (test) => {
    const verdict = data.verdicts.find((one) => one.id === test.verdict);
    return [
      el("div", { class: "title" }, ...soft(test.path)),
      el("div", { class: `verdict ${test.verdict}` }, verdict.text.replace(/^[\d,]+ test files? (?:are |is )?/, "").replace(/^fail\b/, "fails")),
      test.exception ? el("div", { class: `exception ${test.verdict}` }, test.exception) : null,
      ...(test.nodes.length ? [el("h3", {}, `${plural(test.nodes.length, "test")} of the file`), el("ul", {}, ...listed(test.nodes, 50, (node) => el("li", { class: "place" }, node), "test"))] : []),
      el("h3", {}, test.routes.length === 1 ? "Why" : `Why: ${test.routes.length} reasons`),
      ...listed(test.routes, 20, route, "reason"),
      // A line for a shell: only of a path that means nothing to one.
      ...(/^[A-Za-z0-9_][\w./-]*$/.test(test.path) ? [el("h3", {}, "See it fail"), el("code", { class: "code" }, `python -m pytest ${test.verdict === ORDER[0] ? "--collect-only " : ""}${test.path}`)] : []),
    ];
  };
  const ofGroup = (group, number) => {
    const sites = data.sites.filter((site) => site.group === number);
    return [
      el("div", { class: "title" }, ...facts(group, remedy(null, group))),
      el("h3", {}, sites.length === 1 ? "1 line names it" : `${plural(sites.length, "line")} name it`),
      ...listed(sites, 50, (site) => el("div", {}, el("span", { class: "place" }, place(site.path, site.line)), site.code ? excerpt(site, group) : null, site.remedy ? remedy(site, group) : null), "line"),
    ];
  };
  const detail = () => {
    const what = state.test !== null ? ofTest(data.tests[state.test]) : state.group !== null ? ofGroup(data.groups[state.group], state.group) : [el("div", { class: "none" }, "Choose a test, or something that is gone.")];
    $("detail").replaceChildren(...what.filter(Boolean));
    $("detail").scrollTop = 0;
  };

  // ---- the picture --------------------------------------------------------------------------------------------------------------

  const picture = (() => {
    const WIDTH = 236, HEIGHT = 36, ACROSS = 84, DOWN = 7, AT_ONCE = 13, BETWEEN = 6, MORE = 30, GONE = 9;
    const root = $("picture");
    const layer = svg("g", {});
    const folders = { opened: new Set(), closed: new Set(), room: new Map() };
    let view = { x: 0, y: 0, k: 1 }, size = { w: 1, h: 1 }, nodes = new Map(), edges = [], home = () => "", tests = [];
    root.append(layer);

    // Every file on a way from a test to what is gone, made once: each picture stamps those that it shows.
    const files = new Map();
    const file = (path) => files.get(path) || (files.set(path, { path, folders: path.split("/").slice(0, -1), stamp: 0 }), files.get(path));
    const ways = data.tests.map((test) => test.routes.map(([site, chain]) => ({ group: data.sites[site].group, files: chain.map(([path]) => file(path)).filter((one, index, all) => one !== all[index - 1]) })));
    const shownWays = (number) => ways[number].filter((way) => state.group === null || way.group === state.group);
    let stamp = 0;

    const gather = () => {
      const found = [], weights = new Map();
      stamp += 1;
      for (const test of tests) {
        const groups = new Set();
        for (const way of shownWays(test.number)) {
          groups.add(way.group);
          way.files.forEach((one, index) => {
            if (one.stamp !== stamp) Object.assign(one, { stamp, test: null, imported: false, home: null }), found.push(one);
            // The worst verdict comes first.
            if (index === 0) one.test ||= test;
            else one.imported = true;
          });
        }
        for (const group of groups) weights.set(group, (weights.get(group) || 0) + 1);
      }
      return { found, weights };
    };

    // The folders that stand for their files until there is room for these: the fullest is opened first.
    const cut = (some, kind, budget) => {
      const folder = (path) => ({ key: `${kind}:${path}`, path, files: [], inside: new Map(), count: 0 });
      const tree = folder("");
      for (const one of some) {
        let at = tree;
        at.count += 1;
        for (const name of one.folders) {
          if (!at.inside.has(name)) at.inside.set(name, folder(`${at.path}${name}/`));
          at = at.inside.get(name);
          at.count += 1;
        }
        at.files.push(one);
      }
      const single = (one) => (one.inside.size === 1 && !one.files.length ? single([...one.inside.values()][0]) : one);
      const settle = (one, home) => { for (const inner of one.inside.values()) settle(inner, home); for (const leaf of one.files) leaf.home = home; };
      const waiting = [single(tree)];
      let room = budget - 1;
      while (waiting.length) {
        let best = waiting.length - 1;
        if (room > 0) waiting.forEach((one, index) => { if (one.count > waiting[best].count) best = index; });
        const [one] = waiting.splice(best, 1);
        const children = one.inside.size + one.files.length - 1, wanted = folders.opened.has(one.key);
        if (folders.closed.has(one.key) || !(wanted || children <= Math.max(room, 0))) { settle(one, `d:${one.key}`); continue; }
        room -= wanted ? 0 : children;
        waiting.push(...[...one.inside.values()].map(single));
        one.files.sort((x, y) => (x.path < y.path ? -1 : 1)).forEach((leaf, index) => { leaf.home = index < (folders.room.get(one.key) || MORE) ? `f:${leaf.path}` : `m:${one.key}`; });
      }
    };

    const build = () => {
      const { found, weights } = gather();
      const inner = found.filter((one) => !one.test || one.imported);
      cut(inner, "between", BETWEEN);
      cut(found.filter((one) => one.test && !one.imported), "tests", AT_ONCE - Math.min(BETWEEN, inner.length));
      const heavy = new Set([...weights].sort((x, y) => y[1] - x[1] || x[0] - y[0]).slice(0, GONE).map(([group]) => group));
      nodes = new Map();
      edges = [];
      const node = (key) => nodes.get(key) || (nodes.set(key, { key, count: 0, needs: new Map(), serves: new Set(), groups: new Set() }), nodes.get(key));
      home = (group) => (heavy.has(group) ? `g:${group}` : "rest");
      for (const [group, count] of weights) {
        const gone = node(home(group));
        gone.count += count;
        gone.groups.add(group);
      }
      for (const one of found) {
        const at = node(one.home);
        at.count += 1;
        at.path ||= one.path;
        if (one.test && !(ORDER.indexOf(at.verdict) <= ORDER.indexOf(one.test.verdict) && at.verdict)) at.verdict = one.test.verdict;
        if (one.home[0] === "f") at.test = one.test;
      }
      for (const test of tests) for (const way of shownWays(test.number)) {
        let importer = nodes.get(way.files[0].home);
        for (let index = 1; index <= way.files.length; index += 1) {
          const imported = nodes.get(index < way.files.length ? way.files[index].home : home(way.group));
          if (imported !== importer && !importer.needs.has(imported)) {
            importer.needs.set(imported, { importer, imported, count: 0 });
            imported.serves.add(importer);
            edges.push(importer.needs.get(imported));
          }
          if (imported !== importer) importer.needs.get(imported).count += 1;
          importer = imported;
        }
      }
    };

    // Columns by the longest way to what is gone; within a column, near to what a node needs.
    const arrange = () => {
      const open = new Set();
      const depth = (one) => {
        if (one.depth !== undefined) return one.depth;
        if (open.has(one)) return 0;
        open.add(one);
        one.depth = one.groups.size ? 0 : 1 + Math.max(0, ...[...one.needs.keys()].map(depth));
        return one.depth;
      };
      const columns = [];
      for (const one of nodes.values()) (columns[depth(one)] ||= []).push(one);
      for (let column = 0; column < columns.length; column += 1) columns[column] ||= [];
      columns.forEach((column, index) => {
        const pull = (one) => { const ys = [...one.needs.keys()].map((needed) => needed.y).filter((y) => y !== undefined); return ys.length ? ys.reduce((a, b) => a + b) / ys.length : 0; };
        const rank = new Map(column.map((one) => [one, index ? pull(one) : -one.count]));
        column.sort((a, b) => rank.get(a) - rank.get(b) || (a.key < b.key ? -1 : 1));
        column.forEach((one, row) => { one.x = index * (WIDTH + ACROSS); one.y = (row - (column.length - 1) / 2) * (HEIGHT + DOWN); });
      });
      const all = [...nodes.values()];
      const top = Math.min(0, ...all.map((one) => one.y));
      for (const one of all) one.y -= top;
      size = { w: columns.length * (WIDTH + ACROSS) - ACROSS, h: Math.max(0, ...all.map((one) => one.y)) + HEIGHT };
    };

    const words = (one) => {
      if (one.key === "rest") return ["also gone", `${one.groups.size.toLocaleString("en")} more`, ""];
      if (one.key[0] === "g") {
        const group = data.groups[Number(one.key.slice(2))];
        const name = group.name || "no single thing";
        return [`${group.fate}${group.new ? ` to ${group.new}` : ""}`, name, `${name} ${group.fate}: ${plural(one.count, "test file")}`];
      }
      if (one.key[0] === "d" || one.key[0] === "m") {
        const path = one.key.slice(one.key.indexOf(":", 2) + 1);
        const [above, name] = split(path.slice(0, -1));
        const count = plural(one.count, "file");
        return one.key[0] === "m" ? [path, `+ ${one.count.toLocaleString("en")} more`, `${count} more in ${path}`] : [above, `${name || "all"}/ · ${count} ▸`, `${path}: ${count}. Click to open.`];
      }
      const [directory, name] = split(one.key.slice(2));
      return [directory, name, one.key.slice(2)];
    };

    // Everything that needs a node and everything that it needs.
    const around = (one) => {
      const found = new Set([one]);
      const walk = (at, way, seen) => { for (const next of at[way].keys()) if (!seen.has(next)) seen.add(next), found.add(next), walk(next, way, seen); };
      walk(one, "needs", new Set());
      walk(one, "serves", new Set());
      return found;
    };
    const follow = (one) => {
      const lit = around(one);
      root.classList.add("following");
      for (const other of nodes.values()) other.shape.classList.toggle("lit", lit.has(other));
      for (const edge of edges) edge.shape.classList.toggle("lit", lit.has(edge.importer) && lit.has(edge.imported));
    };
    const release = () => root.classList.remove("following");

    const press = (one) => {
      const name = one.key.slice(2);
      if (one.key[0] === "d") folders.opened.add(name), folders.closed.delete(name), draw(name.slice(name.indexOf(":") + 1));
      else if (one.key[0] === "m") folders.room.set(name, (folders.room.get(name) || MORE) + MORE), draw(name.slice(name.indexOf(":") + 1));
      else if (one.key[0] === "g") choose(Number(name));
      else if (one.test && one.key === `f:${one.test.path}`) select(one.test.number, { scroll: true });
      else if (one.key[0] === "f") $("search").value = name, search();
    };
    const shut = (one) => {
      const kind = one.test && !one.serves.size ? "tests" : "between";
      const name = `${kind}:${split(one.key.slice(2))[0]}`;
      folders.closed.add(name), folders.opened.delete(name), draw(split(one.key.slice(2))[0]);
    };

    const shape = (one) => {
      const [above, name, title] = words(one);
      const kind = { g: "gone", r: "gone", d: "dir", m: "dir", f: "file" }[one.key[0]];
      const foldable = kind === "file" && above !== "";
      const group = svg("g", { class: `node ${kind} ${one.verdict || ""}`, transform: `translate(${one.x} ${one.y})`, tabindex: "0", role: "button", "aria-label": title,
        mouseenter: () => follow(one), mouseleave: release, focus: () => follow(one), blur: release,
        click: () => { if (!moved) press(one); },
        keydown: (event) => { if (event.key === "Enter" || event.key === " ") event.preventDefault(), press(one); } },
        svg("title", {}, title),
        kind === "dir" ? svg("rect", { class: "back", x: 4, y: 4, width: WIDTH, height: HEIGHT }) : null,
        svg("rect", { class: "front", width: WIDTH, height: HEIGHT }),
        one.verdict ? svg("rect", { class: "strip", x: 3, y: 5, width: 4, height: HEIGHT - 10 }) : null,
        svg("text", { class: `above ${foldable ? "foldable" : ""}`, x: 13, y: 14, click: (event) => { if (foldable && !moved) event.stopPropagation(), shut(one); } }, clip(above, 35), foldable ? svg("title", {}, `Close ${above}`) : null),
        svg("text", { x: 13, y: 29 }, clip(name, 32)));
      one.shape = group;
      return group;
    };
    const line = (edge) => {
      const { importer, imported } = edge;
      const [x1, y1, x2, y2] = [imported.x + WIDTH, imported.y + HEIGHT / 2, importer.x, importer.y + HEIGHT / 2];
      const bend = Math.max(30, Math.abs(x2 - x1) / 2);
      edge.shape = svg("path", { class: "edge", d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`, "stroke-width": Math.min(3, 1 + Math.log2(edge.count) * 0.25).toFixed(2) });
      return edge.shape;
    };
    const draw = (opened = "") => {
      build();
      arrange();
      layer.replaceChildren(...edges.map(line), ...[...nodes.values()].map(shape));
      release();
      pick();
      // What was just opened is what one wants to see.
      fit([...nodes.values()].filter((one) => opened && one.path && one.path.startsWith(opened)));
    };
    const pick = () => {
      const picked = new Set();
      if (state.test !== null) for (const way of shownWays(state.test)) {
        const keys = [...way.files.map((one) => (one.stamp === stamp ? one.home : "")), home(way.group)];
        keys.forEach((key, index) => { picked.add(nodes.get(key)); if (index) picked.add(nodes.get(keys[index - 1])?.needs.get(nodes.get(key))); });
      }
      for (const one of [...nodes.values(), ...edges]) one.shape.classList.toggle("picked", picked.has(one));
    };

    const move = () => layer.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
    const fit = (some = []) => {
      const box = root.getBoundingClientRect(), pad = 14;
      const whole = Math.min(1.1, (box.width - 2 * pad) / size.w, (box.height - 2 * pad) / size.h);
      const k = whole > 0.6 ? whole : 0.7; // what does not fit at a readable size is moved about
      const inside = (room, length, middle) => (length * k <= room - 2 * pad ? (room - length * k) / 2 : Math.min(pad, Math.max(room - pad - length * k, room / 2 - middle * k)));
      const mean = (numbers, other) => (numbers.length ? numbers.reduce((a, b) => a + b) / numbers.length : other);
      view = { k, x: inside(box.width, size.w, mean(some.map((one) => one.x + WIDTH / 2), 0)), y: inside(box.height, size.h, mean(some.map((one) => one.y), size.h / 2)) };
      move();
    };
    const zoom = (by, x, y) => {
      const box = root.getBoundingClientRect();
      const [cx, cy] = [x ?? box.width / 2, y ?? box.height / 2];
      const k = Math.max(0.1, Math.min(4, view.k * by));
      view = { k, x: cx - ((cx - view.x) * k) / view.k, y: cy - ((cy - view.y) * k) / view.k };
      move();
    };
    let drag = null, moved = false;
    root.addEventListener("pointerdown", (event) => { drag = { x: event.clientX - view.x, y: event.clientY - view.y, from: [event.clientX, event.clientY] }; moved = false; });
    window.addEventListener("pointermove", (event) => {
      if (!drag) return;
      if (Math.hypot(event.clientX - drag.from[0], event.clientY - drag.from[1]) > 4) moved = true;
      if (moved) view = { ...view, x: event.clientX - drag.x, y: event.clientY - drag.y }, move();
    });
    window.addEventListener("pointerup", () => { drag = null; });
    root.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = root.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
    window.addEventListener("resize", () => fit());
    // Paper has a size of its own: there the whole picture fits by itself.
    window.addEventListener("beforeprint", () => { root.setAttribute("viewBox", `-8 -8 ${size.w + 16} ${size.h + 16}`); layer.removeAttribute("transform"); });
    window.addEventListener("afterprint", () => { root.removeAttribute("viewBox"); move(); });
    $("in").addEventListener("click", () => zoom(1.25));
    $("out").addEventListener("click", () => zoom(0.8));
    $("fit").addEventListener("click", () => fit());
    $("fold").addEventListener("click", () => { folders.opened.clear(), folders.closed.clear(), folders.room.clear(), draw(); });
    return { show: (some) => { tests = some; draw(); }, pick, zoom, fit };
  })();

  // ---- filters ------------------------------------------------------------------------------------------------------------------

  const cards = data.groups.map((group, number) => el("button", { type: "button", class: "group", "aria-pressed": "false", click: () => choose(number) },
    el("span", { class: "count", title: "test files" }), el("span", { class: "name" }, ...soft(group.name || "no single thing")),
    el("span", { class: "fate" }, `${group.fate}${group.new ? " to " : ""}`, ...soft(group.new || ""))));
  const chips = data.verdicts.map((verdict) => el("button", { type: "button", class: `chip ${verdict.id}`, "aria-pressed": "false", click: () => {
    if (!state.verdicts.delete(verdict.id)) state.verdicts.add(verdict.id);
    apply();
  } }, verdict.text));

  const apply = () => {
    const counts = new Map();
    shown = [];
    data.tests.forEach((test, number) => {
      const matches = kept(test, true), stays = matches && kept(test);
      if (matches) for (const group of test.groups) counts.set(group, (counts.get(group) || new Set()).add(test.path));
      if (stays) shown.push(test);
      rows[number].hidden = !stays;
    });
    nothing.hidden = shown.length > 0;
    cards.forEach((card, number) => {
      card.setAttribute("aria-pressed", String(state.group === number));
      card.firstChild.textContent = (counts.get(number) || new Set()).size.toLocaleString("en");
      card.hidden = !counts.has(number) && state.group !== number;
    });
    chips.forEach((chip, index) => chip.setAttribute("aria-pressed", String(state.verdicts.has(data.verdicts[index].id))));
    $("shown").textContent = shown.length === data.tests.length ? `${shown.length > 1 ? "all " : ""}${plural(shown.length, "test file")}` : `${shown.length.toLocaleString("en")} of ${plural(data.tests.length, "test file")}`;
    picture.show(shown);
    const stays = state.test !== null && !rows[state.test].hidden;
    select(stays ? state.test : state.group === null && shown.length ? shown[0].number : null);
  };
  const choose = (number) => {
    state.group = state.group === number ? null : number;
    if (state.group !== null) select(null);
    apply();
  };
  const search = () => { state.query = $("search").value.trim().toLowerCase(); apply(); };
  const reset = () => { $("search").value = ""; state.query = ""; state.group = null; state.verdicts.clear(); apply(); };

  // ---- all of it ----------------------------------------------------------------------------------------------------------------

  const [base, head, merged] = data.between;
  $("between").append("Between ", el("code", {}, base), merged ? " and its merge with " : " and ", el("code", {}, head), ".", data.meeting ? ` ${data.meeting}.` : "");
  if (data.command && data.tests.length) $("between").append(" To see it again: ", el("code", {}, data.command), data.fix ? ". The patch: " : "", data.fix ? el("code", {}, data.fix) : "", data.restore ? ". To bring back what has no other place: " : "", data.restore ? el("code", {}, data.restore) : "", ".");
  for (const note of data.notes) {
    const items = note.items.map((item) => el("li", {}, item));
    if (note.count > items.length) items.push(el("li", {}, `and ${plural(note.count - items.length, "more")}`));
    // Where nothing breaks they are all that there is to see.
    $("notes").append(el("details", data.tests.length ? {} : { open: "" }, el("summary", {}, `${note.title} (${note.count.toLocaleString("en")})`), el("ul", {}, ...items)));
  }
  document.body.classList.toggle("clear-page", !data.tests.length);
  $("gone").append(...cards);
  $("chips").append(...chips);
  $("list").append(...rows, nothing);
  $("list").addEventListener("click", (event) => { const row = event.target.closest(".row"); if (row) select(rows.indexOf(row), { focus: true }); });
  $("search").addEventListener("input", search);
  $("theme").addEventListener("click", () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark" || (getComputedStyle(document.documentElement).colorScheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.style.colorScheme = dark ? "light" : "dark";
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target === $("search");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = { "/": () => $("search").focus(), Escape: () => { reset(); $("search").blur(); }, t: () => $("theme").click(), "+": () => picture.zoom(1.25), "-": () => picture.zoom(0.8), 0: () => picture.fit(), ArrowDown: () => step(1), ArrowUp: () => step(-1) };
    if (!keys[event.key] || (typing && !["Escape", "ArrowDown"].includes(event.key))) return;
    event.preventDefault();
    keys[event.key]();
  });
  apply();
})();
