// What was said but not yet taken by the server. It lies in the browser's own storage, so that it
// outlives a reload, and is sent again under the same id until the server answers: nothing is lost,
// and since the server knows the id, nothing is done twice.
(function () {
  "use strict";
  const xiaoer = (window.xiaoer = window.xiaoer || {});
  const PREFIX = "xiaoer.outbox.";
  const KEEP_MS = 6 * 24 * 3600 * 1000; // the server forgets ids after 7 days
  const ANSWER_MS = 30000;
  const WAIT_MS = [1000, 2000, 4000, 8000, 15000];
  const memory = {};

  const storage = {
    get: function (name) {
      try { return window.localStorage.getItem(name); } catch (e) { return memory[name] || null; }
    },
    set: function (name, value) {
      memory[name] = value;
      try { window.localStorage.setItem(name, value); } catch (e) { /* this page still has it */ }
    },
    remove: function (name) {
      delete memory[name];
      try { window.localStorage.removeItem(name); } catch (e) { /* never was there */ }
    },
    names: function () {
      try { return Object.keys(window.localStorage); } catch (e) { return Object.keys(memory); }
    },
  };

  function newId() {
    const bytes = new Uint8Array(15);
    window.crypto.getRandomValues(bytes);
    return Array.from(bytes, function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
  }

  function request(url, body) {
    const options = {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    };
    if (window.AbortController) {
      const abort = new AbortController();
      options.signal = abort.signal;
      window.setTimeout(function () { abort.abort(); }, ANSWER_MS);
    }
    return fetch(url, options).then(function (answer) {
      return answer.json().then(function (data) { return { status: answer.status, data: data }; });
    });
  }

  // `on` has: taken(item, lines), refused(item, data), waiting(), through(), stranger()
  function Outbox(on) {
    this.on = on;
    this.key = "";
    this.busy = false;
    this.tries = 0;
    this.timer = 0;
  }

  Outbox.prototype.open = function (key) {
    this.key = key;
    // A browser that lost its cookie is somebody new to the server; what waits goes along.
    if (key.indexOf("demo-") !== 0) this.adopt();
  };

  Outbox.prototype.adopt = function () {
    const own = PREFIX + this.key;
    storage.names().forEach(function (name) {
      if (name.indexOf(PREFIX) !== 0 || name === own || name.indexOf(PREFIX + "demo-") === 0) return;
      const items = read(name);
      storage.remove(name);
      if (items.length) storage.set(own, JSON.stringify(read(own).concat(items)));
    });
  };

  function read(name) {
    try {
      const items = JSON.parse(storage.get(name) || "[]");
      return Array.isArray(items) ? items : [];
    } catch (e) { return []; }
  }

  Outbox.prototype.items = function () { return read(PREFIX + this.key); };

  Outbox.prototype.save = function (items) {
    if (items.length) storage.set(PREFIX + this.key, JSON.stringify(items));
    else storage.remove(PREFIX + this.key);
  };

  Outbox.prototype.add = function (item) {
    item.body.id = newId();
    item.id = item.body.id;
    item.since = Date.now();
    this.save(this.items().concat([item]));
    return item;
  };

  Outbox.prototype.drop = function (id) {
    this.save(this.items().filter(function (item) { return item.id !== id; }));
  };

  Outbox.prototype.mark = function (id, error) {
    this.save(this.items().map(function (item) {
      if (item.id !== id) return item;
      // Whoever sends it again says it now.
      if (error) item.error = error; else { delete item.error; item.since = Date.now(); }
      return item;
    }));
  };

  Outbox.prototype.again = function (id) {
    this.mark(id, null);
    this.tries = 0;
    this.flush();
  };

  Outbox.prototype.flush = function () {
    const self = this;
    if (self.busy || !self.key) return;
    const item = self.items().filter(function (it) { return !it.error; })[0];
    if (!item) return;
    if (Date.now() - item.since > KEEP_MS) {
      self.refuse(item, { error: "这条消息放得太久了，没有发出去。还要办请再发一次。", old: true });
      return self.flush();
    }
    self.busy = true;
    window.clearTimeout(self.timer);
    item.body.me = self.key;
    // The server acts on nothing that waited for long.
    item.body.age = Math.max(0, Math.round((Date.now() - item.since) / 1000));
    const key = self.key;
    request(item.url, item.body).then(
      function (answer) { self.busy = false; if (key === self.key) self.answered(item, answer); else self.flush(); },
      function () { self.busy = false; self.later(); }
    );
  };

  Outbox.prototype.answered = function (item, answer) {
    if (answer.status === 401 || answer.status === 409) { this.on.stranger(); return; }
    this.tries = 0;
    this.on.through();
    if (answer.status === 200) {
      this.drop(item.id);
      this.on.taken(item, answer.data.lines || []);
    } else {
      this.refuse(item, answer.data || {});
    }
    this.flush();
  };

  Outbox.prototype.refuse = function (item, data) {
    this.mark(item.id, data.error || "没有发出去。");
    this.on.refused(item, data);
  };

  Outbox.prototype.later = function () {
    const self = this;
    const wait = WAIT_MS[Math.min(self.tries, WAIT_MS.length - 1)];
    self.tries += 1;
    self.on.waiting();
    window.clearTimeout(self.timer);
    self.timer = window.setTimeout(function () { self.flush(); }, wait);
  };

  xiaoer.Outbox = Outbox;
  xiaoer.request = request;
  xiaoer.storage = storage;
})();
