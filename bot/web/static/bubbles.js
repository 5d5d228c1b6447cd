// The talk on the screen: one article a line, in the order of their ids, none of them twice.
(function () {
  "use strict";
  const xiaoer = (window.xiaoer = window.xiaoer || {});
  // Telephone numbers; a short one followed by a unit is an amount, behind 第 an article of law.
  const PHONE = /(\d*)(0\d{2,3}-\d{4}-\d{4}|0\d{2,3}-?\d{7,8}|12345|12348|12356|1(?:10|19|20|22))(?![\d.])(?!\s*(?:元|分|号|条|款|米|岁|个|天|栋|平|%))/g;

  const DATE = /\d{4}-\d{2}-\d{2}/g;

  function make(tag, name, text) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function isLater(a, b) { return a.length === b.length ? a > b : a.length > b.length; }

  // A date is not broken at its dashes.
  function withDates(element, text) {
    let end = 0;
    text.replace(DATE, function (date, at) {
      element.appendChild(document.createTextNode(text.slice(end, at)));
      element.appendChild(make("span", "whole", date));
      end = at + date.length;
      return date;
    });
    element.appendChild(document.createTextNode(text.slice(end)));
  }

  function withPhones(element, text) {
    let end = 0;
    text.replace(PHONE, function (whole, digits, phone, at) {
      const before = text.slice(0, at).replace(/\s+$/, "").slice(-1);
      if (digits || before === "第") return whole;
      withDates(element, text.slice(end, at));
      const link = make("a", "", phone);
      link.href = "tel:" + phone.replace(/-/g, "");
      element.appendChild(link);
      end = at + whole.length;
      return whole;
    });
    withDates(element, text.slice(end));
  }

  // `on` has: chosen(line, choice), more(), goOn(key), again(id)
  function Bubbles(log, on) {
    this.log = log;
    this.welcome = log.querySelector("#welcome");
    this.on = on;
    this.clear();
  }

  Bubbles.prototype.clear = function () {
    while (this.log.lastChild) this.log.removeChild(this.log.lastChild);
    if (this.welcome) this.log.appendChild(this.welcome);
    this.lastId = "0";
    this.byId = {};
    this.waiting = {};
    this.menu = null;
  };

  Bubbles.prototype.add = function (line) {
    if (line.id && this.byId[line.id]) return null;
    if (line.client && this.waiting[line.client]) {
      this.log.removeChild(this.waiting[line.client]);
      delete this.waiting[line.client];
    }
    const article = this.draw(line);
    if (line.id) {
      this.byId[line.id] = article;
      article.dataset.id = line.id;
      article.dataset.day = line.day;
      this.place(article, line.id);
      this.head(article);
      if (isLater(line.id, this.lastId)) { this.lastId = line.id; this.turn(line, article); }
      else this.close(article);
    } else {
      this.log.appendChild(article);
    }
    return article;
  };

  // A new line goes behind every older one, before what still waits.
  Bubbles.prototype.place = function (article, id) {
    let next = null;
    for (let node = this.log.lastChild; node; node = node.previousSibling) {
      const other = node.dataset && node.dataset.id;
      if (node === this.welcome || (other && !isLater(other, id))) break;
      if (other || node.classList.contains("pending") || node.classList.contains("day")) next = node;
    }
    this.log.insertBefore(article, next);
  };

  // Only the menu shown last can still be answered.
  Bubbles.prototype.turn = function (line, article) {
    const belongs = line.menu && line.menu === this.menu;
    if (line.from === "me" || (line.menu && !belongs)) {
      const open = this.log.querySelectorAll(".choices[data-menu]:not(.over)");
      for (let i = 0; i < open.length; i++) if (!article.contains(open[i])) this.over(open[i]);
    }
    if (line.menu) this.menu = line.menu;
  };

  Bubbles.prototype.close = function (article) {
    const list = article.querySelector(".choices[data-menu]");
    if (list && list.dataset.menu !== this.menu) this.over(list);
  };

  Bubbles.prototype.over = function (list) {
    list.classList.add("over");
    const buttons = list.querySelectorAll("button");
    for (let i = 0; i < buttons.length; i++) buttons[i].disabled = true;
  };

  // The day stands once above its first line.
  Bubbles.prototype.head = function (article) {
    let before = article.previousSibling;
    while (before && !(before.dataset && before.dataset.day)) before = before.previousSibling;
    if (before && before.dataset.day === article.dataset.day) return;
    this.log.insertBefore(make("p", "day", article.dataset.day), article);
  };

  Bubbles.prototype.draw = function (line) {
    const mine = line.from === "me";
    const kind = mine ? "me" : line.from === "bot" ? "bot" : "other";
    const article = make("article", "line " + kind + (line.notice ? " notice" : ""));
    article.appendChild(this.by(line, kind));
    const bubble = make("div", "bubble");
    if (line.text) {
      const text = make("p", "text");
      if (kind === "bot") withPhones(text, line.text); else text.textContent = line.text;
      bubble.appendChild(text);
    }
    if (line.photos && line.photos.length) bubble.appendChild(this.shots(line.photos, line.alt));
    article.appendChild(bubble);
    const list = this.choices(line);
    if (list) article.appendChild(list);
    return article;
  };

  Bubbles.prototype.by = function (line, kind) {
    const by = make("h2", "by");
    if (kind === "me") by.textContent = "我";
    else {
      by.appendChild(make("b", "", kind === "bot" ? "小二" : line.from));
      if (line.notice) by.appendChild(document.createTextNode(" 通知"));
      if (line.to) by.appendChild(document.createTextNode(" 回复 " + line.to));
    }
    if (line.clock) {
      const time = make("time", "", " " + line.clock);
      time.dateTime = line.at;
      by.appendChild(time);
    }
    return by;
  };

  Bubbles.prototype.shots = function (names, alt) {
    const shots = make("div", "shots");
    names.forEach(function (name) {
      const link = make("a");
      link.href = "/api/photos/" + encodeURIComponent(name);
      link.target = "_blank";
      link.rel = "noopener";
      const image = make("img");
      image.src = link.href;
      image.alt = alt || "照片，点开看大图";
      link.appendChild(image);
      shots.appendChild(link);
    });
    return shots;
  };

  Bubbles.prototype.choices = function (line) {
    const self = this;
    const list = make("ul", "choices");
    (line.choices || []).forEach(function (choice) {
      const side = choice.number === 0 || choice.number === 9;
      self.button(list, choice, side, function () { self.on.chosen(line, choice); });
    });
    if (line.more) self.button(list, { label: "更多" }, false, function () { self.on.more(); });
    if (line.private_key) {
      self.button(list, { label: "去和小二私聊" }, false, function () { self.on.goOn(line.private_key); });
    }
    if (!list.firstChild) return null;
    if (line.menu) list.dataset.menu = line.menu;
    return list;
  };

  Bubbles.prototype.button = function (list, choice, side, press) {
    const item = make("li", side ? "side" : "");
    const button = make("button", "choice");
    button.type = "button";
    const numbered = choice.number !== null && choice.number !== undefined;
    if (numbered) button.appendChild(make("span", "number", String(choice.number)));
    button.appendChild(make("span", "label", (numbered ? " " : "") + choice.label));
    button.addEventListener("click", press);
    item.appendChild(button);
    list.appendChild(item);
  };

  // What was said here and is not yet answered for.
  Bubbles.prototype.wait = function (item) {
    const old = this.waiting[item.id];
    const article = this.draw({ from: "me", text: item.shown, photos: item.body.photos });
    const state = make("p", "state");
    withPhones(state, item.error || "正在发送……");
    article.classList.add("pending");
    if (item.error) {
      const self = this;
      article.classList.add("failed");
      const again = make("button", "again", "再发一次");
      again.type = "button";
      again.addEventListener("click", function () { self.on.again(item.id); });
      state.appendChild(again);
    }
    article.appendChild(state);
    article.dataset.client = item.id;
    if (old) this.log.replaceChild(article, old); else this.log.appendChild(article);
    this.waiting[item.id] = article;
    return article;
  };

  Bubbles.prototype.offline = function (is) {
    const states = this.log.querySelectorAll(".pending:not(.failed) > .state");
    for (let i = 0; i < states.length; i++) {
      states[i].textContent = is ? "还没发出去，网络好了自动发" : "正在发送……";
    }
  };

  xiaoer.Bubbles = Bubbles;
  xiaoer.make = make;
})();
