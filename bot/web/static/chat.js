// The page: who speaks, in which chat, what is new; ties outbox, bubbles and photographs together.
(function () {
  "use strict";
  const xiaoer = window.xiaoer;
  const SIZES = 4;
  const LARGE = 2;
  const BACK_MS = 3000;
  const byId = function (id) { return document.getElementById(id); };
  const words = byId("words");
  const log = byId("log");
  const banner = byId("banner");
  const newer = byId("newer");

  let me = "";
  let chat = "";
  let live = null;
  let liveTimer = 0;
  let sendWhenReady = false;
  let opening = 0;

  // Telling the person

  function say(text) { banner.textContent = text; banner.hidden = !text; }
  function offline(is) {
    const follow = nearEnd();
    const changed = is === banner.hidden;
    say(is ? "网络断了。您说的话都留着，网络好了自动发出去。" : "");
    bubbles.offline(is);
    if (changed && follow) toEnd();
  }

  function nearEnd() {
    return window.innerHeight + window.pageYOffset >= document.documentElement.scrollHeight - 60;
  }

  // Show the newest line; but what was asked stays in sight when the answer is longer than the screen.
  function toEnd() {
    const mine = log.querySelectorAll(".me");
    let top = document.documentElement.scrollHeight - window.innerHeight;
    if (mine.length) {
      const asked = mine[mine.length - 1].getBoundingClientRect().top + window.pageYOffset;
      top = Math.min(top, asked - 90);
    }
    window.scrollTo(0, Math.max(0, top));
    window.setTimeout(function () { newer.hidden = nearEnd(); }, 0);
  }

  // Bubbles and outbox

  const bubbles = new xiaoer.Bubbles(log, {
    chosen: function (line, choice) {
      const body = choice.action ? { action: choice.action } : { menu: line.menu, number: choice.number };
      put("/api/press", body, choice.label);
    },
    more: function () { put("/api/messages", { text: "更多" }, "更多"); },
    goOn: function (key) {
      go("").then(function () { put("/api/messages", { text: "", start: key }, "从群里过来，接着办"); });
    },
    again: function (id) {
      outbox.again(id);
      outbox.items().forEach(function (item) { if (item.id === id) bubbles.wait(item); });
    },
  });

  const outbox = new xiaoer.Outbox({
    taken: function (item, lines) { if ((item.body.chat || "") === chat) show(lines); },
    refused: function (item, data) {
      item.error = data.error || "没有发出去。";
      if ((item.body.chat || "") !== chat) return;
      bubbles.wait(item);
      (data.lines || []).forEach(function (line) { bubbles.add(line); });
      toEnd();
    },
    waiting: function () { offline(true); },
    through: function () { offline(false); },
    stranger: function () { start(); },
  });

  function put(url, body, shown) {
    if (chat) body.chat = chat;
    const item = outbox.add({ url: url, body: body, shown: shown });
    bubbles.wait(item);
    toEnd();
    outbox.flush();
  }

  function settle() {
    document.body.classList.toggle("asking", Boolean(log.querySelector(".choices[data-menu]:not(.over)")));
  }

  function show(lines) {
    const follow = nearEnd();
    let added = 0;
    let mine = false;
    lines.forEach(function (line) {
      if (bubbles.add(line)) { added += 1; mine = mine || line.from === "me"; }
      if (line.client) outbox.drop(line.client);
    });
    if (!added) return;
    letters(lines);
    settle();
    if (follow || mine) toEnd(); else newer.hidden = false;
  }

  // Live

  function listen() {
    window.clearTimeout(liveTimer);
    if (live) live.close();
    if (!window.EventSource) { liveTimer = window.setTimeout(poll, BACK_MS); return; }
    const mineNow = (live = new EventSource("/api/events?" + query() + "&after=" + bubbles.lastId));
    live.addEventListener("line", function (event) {
      if (live === mineNow) show([JSON.parse(event.data)]);
    });
    live.onopen = function () { offline(false); outbox.tries = 0; outbox.flush(); };
    live.onerror = function () {
      if (live !== mineNow) return;
      offline(true);
      if (mineNow.readyState === EventSource.CLOSED) liveTimer = window.setTimeout(start, BACK_MS);
    };
  }

  function poll() {
    get("/api/lines?" + query() + "&after=" + bubbles.lastId)
      .then(function (data) { offline(false); show(data.lines); outbox.flush(); }, function () { offline(true); })
      .then(function () { liveTimer = window.setTimeout(poll, BACK_MS); });
  }

  function query() { return "me=" + encodeURIComponent(me) + "&chat=" + encodeURIComponent(chat); }

  function get(url) {
    return fetch(url, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
  }

  // Who and where

  function start() {
    window.clearTimeout(liveTimer);
    return xiaoer.request("/api/session", {}).then(function (answer) {
      if (answer.status !== 200) throw new Error(String(answer.status));
      const changed = me !== answer.data.me;
      me = answer.data.me;
      outbox.open(me);
      drawDemo(answer.data);
      drawRooms(answer.data.rooms);
      if (changed && chat && !answer.data.rooms.some(function (room) { return room.chat === chat; })) chat = "";
      return go(chat);
    }).catch(function () {
      offline(true);
      liveTimer = window.setTimeout(start, BACK_MS);
    });
  }

  function go(where) {
    const turn = (opening += 1);
    chat = where;
    markRoom();
    if (live) { live.close(); live = null; }
    log.setAttribute("aria-live", "off");
    return get("/api/lines?" + query()).then(function (data) {
      if (turn !== opening) return;
      offline(false);
      bubbles.clear();
      data.lines.forEach(function (line) {
        bubbles.add(line);
        if (line.client) outbox.drop(line.client);
      });
      letters(data.lines);
      outbox.items().forEach(function (item) { if ((item.body.chat || "") === chat) bubbles.wait(item); });
      settle();
      words.placeholder = chat ? "问我请写 @小二" : "在这里写";
      if (data.lines.length) toEnd();
      listen();
      outbox.flush();
      // Only what comes from now on is read aloud.
      window.setTimeout(function () { log.setAttribute("aria-live", "polite"); }, 500);
    });
  }

  function drawRooms(rooms) {
    const tabs = byId("room-tabs");
    tabs.textContent = "";
    byId("rooms").hidden = !rooms.length;
    [{ chat: "", name: "和小二私聊" }].concat(rooms).forEach(function (room) {
      const tab = xiaoer.make("button", "", room.name);
      tab.type = "button";
      tab.dataset.chat = room.chat;
      tab.addEventListener("click", function () { if (chat !== room.chat) go(room.chat).catch(start); });
      tabs.appendChild(tab);
    });
  }

  function markRoom() {
    const tabs = byId("room-tabs").children;
    for (let i = 0; i < tabs.length; i++) tabs[i].setAttribute("aria-current", String(tabs[i].dataset.chat === chat));
    byId("quick").hidden = Boolean(chat);
  }

  function drawDemo(state) {
    const speaker = byId("speaker");
    byId("demo").hidden = !state.demo;
    if (!state.demo) return;
    speaker.textContent = "";
    state.demo.people.forEach(function (who) {
      const option = xiaoer.make("option", "", who.name);
      option.value = who.id;
      option.selected = who.id === state.demo.as;
      speaker.appendChild(option);
    });
  }

  byId("speaker").addEventListener("change", function (event) {
    chat = "";
    xiaoer.request("/demo/speak-as", { resident_id: event.target.value }).then(start, start);
  });

  // Saying something

  const tray = new xiaoer.Tray(byId("tray"), function () {
    if (!sendWhenReady) return;
    if (tray.hasFailed()) { sendWhenReady = false; say("有照片没传上去，请再传一次，或去掉它再发。"); }
    else if (!tray.isBusy()) send();
  });

  function send() {
    const text = words.value.trim();
    const names = tray.names();
    sendWhenReady = false;
    if (tray.hasFailed()) return say("有照片没传上去，请再传一次，或去掉它再发。");
    if (tray.isBusy()) { sendWhenReady = true; return say("照片传好就发出去。"); }
    if (!text && !names.length) return words.focus();
    say("");
    words.value = "";
    fit();
    tray.empty();
    put("/api/messages", { text: text, photos: names }, text);
  }

  function fit() {
    words.style.height = "auto";
    if (words.value) words.style.height = Math.min(words.scrollHeight + 4, window.innerHeight * 0.3) + "px";
    xiaoer.storage.set("xiaoer.draft", words.value);
  }

  byId("composer").addEventListener("submit", function (event) { event.preventDefault(); send(); });
  words.addEventListener("input", fit);
  words.addEventListener("keydown", function (event) {
    // While an input method is composing, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  });
  byId("add-photo").addEventListener("click", function () { byId("photo").click(); });
  byId("photo").addEventListener("change", function (event) {
    tray.add(event.target.files);
    event.target.value = "";
  });
  byId("quick").addEventListener("click", function (event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.say) return put("/api/messages", { text: button.dataset.say }, button.dataset.say);
    words.placeholder = button.dataset.hint;
    words.focus();
  });
  newer.addEventListener("click", function () {
    window.scrollTo(0, document.documentElement.scrollHeight);
    newer.hidden = true;
  });
  window.addEventListener("scroll", function () { if (nearEnd()) newer.hidden = true; });
  window.addEventListener("online", function () { outbox.tries = 0; outbox.flush(); });
  window.addEventListener("offline", function () { offline(true); });

  // Type size

  // Who chose large letters in the talk has them on the page, and loses them with that choice.
  function letters(lines) {
    const line = lines.filter(function (one) { return one.from === "bot"; }).pop();
    if (!line || chat) return;
    const chosen = xiaoer.storage.get("xiaoer.large") === "1";
    if (!!line.large === chosen) return;
    xiaoer.storage.set("xiaoer.large", line.large ? "1" : "");
    const now = Number(xiaoer.storage.get("xiaoer.size") || 0);
    resize(line.large ? Math.max(0, LARGE - now) : -now);
  }

  function resize(step) {
    const root = document.documentElement;
    const now = Number(xiaoer.storage.get("xiaoer.size") || 0) + step;
    const size = Math.max(0, Math.min(SIZES - 1, now));
    xiaoer.storage.set("xiaoer.size", String(size));
    for (let i = 0; i < SIZES; i++) root.classList.toggle("size-" + i, i === size);
    byId("smaller").disabled = size === 0;
    byId("larger").disabled = size === SIZES - 1;
    fit();
  }
  byId("smaller").addEventListener("click", function () { resize(-1); });
  byId("larger").addEventListener("click", function () { resize(1); });

  words.value = xiaoer.storage.get("xiaoer.draft") || "";
  resize(0);
  start();
})();
