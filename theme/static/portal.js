// Small comforts. Every page is complete without this file, and nothing here asks another host for anything.
// What a reader saves or sets stays in this browser, under names that start with "duikai.".

const store = {
  get(name) {
    try {
      return localStorage.getItem("duikai." + name) || "";
    } catch {
      return ""; // Storage may be forbidden (private windows, embedded browsers).
    }
  },
  set(name, value) {
    try {
      if (value) localStorage.setItem("duikai." + name, value);
      else localStorage.removeItem("duikai." + name);
      return true;
    } catch {
      return false;
    }
  },
};

// Saved stories: newest first, [{ path, title, lang }]. The path, not the address, so that http and https share a list.
function savedStories() {
  try {
    const list = JSON.parse(store.get("saved") || "[]");
    return Array.isArray(list) ? list.filter((one) => one && typeof one.path === "string" && one.path[0] === "/") : [];
  } catch {
    return []; // Somebody else wrote there.
  }
}

function keepStories(list) {
  return store.set("saved", list.length ? JSON.stringify(list) : "");
}

// Menus on phones: one open at a time; Escape and a tap elsewhere close it.
function menus() {
  const all = [...document.querySelectorAll(".menu__details")];
  const close = (but) => all.forEach((menu) => menu !== but && menu.removeAttribute("open"));
  all.forEach((menu) => menu.addEventListener("toggle", () => menu.open && close(menu)));
  document.addEventListener("click", (event) => event.target.closest(".menu") || close());
  document.addEventListener("keydown", (event) => {
    const open = all.find((menu) => menu.open);
    if (event.key !== "Escape" || !open) return;
    if (open.contains(document.activeElement)) open.querySelector("summary").focus();
    close();
  });
}

// «Save for later» beside a story.
function saveButton() {
  const button = document.querySelector("[data-save]");
  if (!button) return;
  const path = location.pathname;
  const isSaved = () => savedStories().some((one) => one.path === path);
  const show = () => button.setAttribute("aria-pressed", String(isSaved()));
  button.addEventListener("click", () => {
    const others = savedStories().filter((one) => one.path !== path);
    const story = { path, title: button.dataset.save, lang: document.documentElement.lang };
    keepStories(isSaved() ? others : [story, ...others]);
    show();
  });
  show();
  button.hidden = !store.set("probe", "1"); // No button where nothing can be kept.
  store.set("probe", "");
}

// The account page: the list, the preferences, and the button that forgets them.
function account() {
  const parts = document.querySelectorAll("[data-account]");
  if (!parts.length) return;
  const list = document.querySelector("[data-saved]");
  const none = document.querySelector("[data-saved-none]");
  const item = document.querySelector("[data-saved-item]");
  const cleared = document.querySelector("[data-cleared]");
  const choices = document.querySelectorAll(".preferences input");

  function apply(name, value) {
    if (name === "edition") return;
    if (value) document.documentElement.setAttribute("data-" + name, value);
    else document.documentElement.removeAttribute("data-" + name);
  }

  function show() {
    const stories = savedStories();
    list.replaceChildren(
      ...stories.map((story) => {
        const copy = item.content.cloneNode(true);
        const link = copy.querySelector("a");
        link.href = story.path;
        link.textContent = story.title;
        link.lang = story.lang;
        const button = copy.querySelector("button");
        // Several buttons say «Remove»; a screen reader adds of what.
        button.setAttribute("aria-label", button.textContent + ": " + story.title);
        button.addEventListener("click", () => {
          keepStories(savedStories().filter((one) => one.path !== story.path));
          show();
          (list.querySelector("button") || document.getElementById("page-main")).focus();
        });
        return copy;
      }),
    );
    none.hidden = stories.length > 0;
    choices.forEach((input) => (input.checked = input.value === store.get(input.name)));
  }

  choices.forEach((input) =>
    input.addEventListener("change", () => {
      store.set(input.name, input.value);
      apply(input.name, input.value);
    }),
  );
  document.querySelector("[data-clear]").addEventListener("click", () => {
    for (const name of ["saved", "scheme", "size", "edition"]) {
      store.set(name, "");
      apply(name, "");
    }
    show();
    cleared.hidden = false;
  });
  show();
  parts.forEach((part) => (part.hidden = false));
  document.querySelector("[data-without-script]").hidden = true;
}

// The pages in several languages: mark the reader's edition; on 404.html, first the half of the address's language.
function doors() {
  const mine = store.get("edition");
  const mark = mine && document.querySelector(`.door[data-edition="${CSS.escape(mine)}"] .door__mine`);
  if (mark) mark.hidden = false;
  if (!document.querySelector(".chooser-heading--missing")) return;
  document.querySelectorAll("[data-doors]").forEach((row) => {
    const half = [...row.children].find((one) => location.pathname.includes(`/${one.dataset.edition}/`));
    if (half) row.prepend(half);
  });
}

menus();
saveButton();
account();
doors();
