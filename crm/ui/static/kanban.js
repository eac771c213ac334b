// A board of cards: drag by mouse, or by touch after a long press; Alt+arrows; a menu.
// What users have typed is only ever set as text.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  const scrolled = root.scrollLeft;
  const make = (tag, kind, text) => {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const ids = data.columns.map((column) => column.id);
  const lists = {};
  root.replaceChildren();
  root.classList.toggle("off", data.disabled);

  const menu = (card) => {
    const box = make("label", "menu", "⋯");
    const select = make("select");
    select.setAttribute("aria-label", `${data.words.move}: ${card.title}`);
    select.append(new Option(data.words.move, "", true, true));
    for (const column of data.columns)
      if (column.id !== card.column) select.append(new Option(column.title, column.id));
    select.onchange = () => select.value && send(box.closest(".card"), select.value);
    box.append(select);
    return box;
  };
  const draw = (card, column) => {
    const made = make("article", "card");
    made.dataset.id = card.id;
    made.tabIndex = 0;
    made.setAttribute("aria-label", `${card.title}, ${card.subtitle}, ${card.value}, ${column.title}, ${card.step}, ${card.late || card.age}`);
    made.append(make("div", "name", card.title), make("div", "sub", card.subtitle));
    const money = make("div", "row");
    money.append(make("span", "", card.value), make("span", "", card.close));
    const next = make("div", "row");
    const age = make("span", card.late ? "late" : "", card.age);
    if (card.late) age.title = card.late;
    next.append(make("span", `step ${card.tone}`, card.step), age);
    made.append(money, next);
    if (!data.disabled) made.append(menu(card));
    return made;
  };
  for (const column of data.columns) {
    const box = make("section", "col");
    box.dataset.col = column.id;
    box.setAttribute("aria-label", column.title);
    box.style.setProperty("--tone", `var(--st-${column.color}-color, var(--st-border-color))`);
    const head = make("div", "hd");
    head.append(make("span", "", column.title), make("span", "", column.count));
    const list = make("div", "list");
    for (const card of data.cards)
      if (card.column === column.id) list.append(draw(card, column));
    lists[column.id] = list;
    box.append(head, make("div", "sum", column.sum), list);
    if (column.more) {
      const more = make("button", "more", column.more);
      more.onclick = () => setTriggerValue("more", String(Date.now()));
      box.append(more);
    }
    root.append(box);
  }
  root.scrollLeft = scrolled;

  let held = null;
  const home = (card) => card.closest(".col").dataset.col;
  const below = (x, y) =>
    [...root.querySelectorAll(".col")].find((box) => {
      const edge = box.getBoundingClientRect();
      return x >= edge.left && x <= edge.right && y >= edge.top - 40 && y <= edge.bottom + 40;
    });
  const send = (card, to) => {
    const from = home(card);
    if (from === to || data.disabled) return;
    lists[to].prepend(card); // at once; the next data puts it where it belongs
    const version = data.cards.find((one) => one.id === card.dataset.id).version;
    setTriggerValue("moved", { id: card.dataset.id, to, version });
  };
  const lift = (x, y) => {
    const edge = held.card.getBoundingClientRect();
    held.dx = held.x - edge.left;
    held.dy = held.y - edge.top;
    held.ghost = held.card.cloneNode(true);
    held.ghost.classList.add("ghost");
    held.ghost.style.width = `${edge.width}px`;
    held.mark = make("div", "ph");
    root.append(held.ghost);
    held.card.classList.add("drag");
    try { held.card.setPointerCapture(held.id); } catch { /* the pointer is gone */ }
    carry(x, y);
  };
  const carry = (x, y) => {
    held.ghost.style.left = `${x - held.dx}px`;
    held.ghost.style.top = `${y - held.dy}px`;
    root.querySelectorAll(".over").forEach((box) => box.classList.remove("over"));
    const over = below(x, y);
    if (over && over.dataset.col !== home(held.card)) {
      over.classList.add("over");
      over.querySelector(".list").prepend(held.mark);
    } else held.mark.remove();
    const edge = root.getBoundingClientRect();
    if (x > edge.right - 40) root.scrollLeft += 12;
    if (x < edge.left + 40) root.scrollLeft -= 12;
  };
  const drop = () => {
    root.querySelectorAll(".over").forEach((box) => box.classList.remove("over"));
    if (!held) return;
    clearTimeout(held.timer);
    held.ghost?.remove();
    held.mark?.remove();
    held.card.classList.remove("drag");
    held = null;
  };
  // This function runs again for every new data: handlers are set, never added.
  root.onpointerdown = (event) => {
    const card = event.target.closest?.(".card");
    if (!card || event.button > 0 || event.target.closest(".menu")) return;
    held = { card, x: event.clientX, y: event.clientY, id: event.pointerId, touch: event.pointerType === "touch" };
    if (held.touch && !data.disabled) held.timer = setTimeout(() => held && lift(held.x, held.y), 350);
  };
  root.onpointermove = (event) => {
    if (!held || data.disabled) return;
    if (held.ghost) { carry(event.clientX, event.clientY); return; }
    if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < 6) return;
    if (held.touch) drop(); // a swipe scrolls
    else lift(event.clientX, event.clientY);
  };
  root.onpointerup = (event) => {
    if (!held) return;
    const { card, ghost } = held;
    const over = ghost ? below(event.clientX, event.clientY) : null;
    drop();
    if (!ghost) setTriggerValue("opened", card.dataset.id);
    else if (over) send(card, over.dataset.col);
  };
  root.onpointercancel = drop;
  root.ontouchmove = (event) => { if (held?.ghost) event.preventDefault(); };
  root.oncontextmenu = (event) => { if (held?.touch) event.preventDefault(); };
  root.onkeydown = (event) => {
    const card = event.target.classList?.contains("card") ? event.target : null;
    if (event.key === "Escape") drop();
    if (!card) return;
    if (event.key === "Enter") setTriggerValue("opened", card.dataset.id);
    const side = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const to = ids[ids.indexOf(home(card)) + side];
    if (event.altKey && side && to !== undefined) {
      event.preventDefault();
      send(card, to);
      card.focus();
    }
  };
}
