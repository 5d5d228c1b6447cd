// Photographs chosen but not yet sent: uploaded at once, with progress, and again when it failed.
(function () {
  "use strict";
  const xiaoer = (window.xiaoer = window.xiaoer || {});
  const AT_MOST = 6;
  const BYTES = 20 * 1024 * 1024;
  const make = function (tag, name, text) { return xiaoer.make(tag, name, text); };

  // `changed` is called whenever a photograph came, went, arrived or failed.
  function Tray(list, changed) {
    this.list = list;
    this.changed = changed;
    this.shots = [];
  }

  Tray.prototype.add = function (files) {
    for (let i = 0; i < files.length && this.shots.length < AT_MOST; i++) this.take(files[i]);
    this.settle();
  };

  Tray.prototype.take = function (file) {
    const self = this;
    const item = make("li");
    const image = make("img");
    image.alt = "";
    image.src = URL.createObjectURL(file);
    image.onerror = function () { image.hidden = true; }; // some browsers cannot draw what phones take
    const about = make("div", "about");
    const away = make("button", "", "去掉");
    away.type = "button";
    item.appendChild(image);
    item.appendChild(about);
    item.appendChild(away);
    this.list.appendChild(item);
    const shot = { file: file, name: null, error: null, item: item, about: about, image: image, sending: null };
    away.addEventListener("click", function () { self.remove(shot); });
    this.shots.push(shot);
    if (file.size > BYTES) this.fail(shot, "这张照片超过 20 MB，请换一张小一点的。", false);
    else this.upload(shot);
  };

  Tray.prototype.upload = function (shot) {
    const self = this;
    const progress = make("progress");
    progress.max = 1;
    progress.value = 0;
    shot.about.textContent = "正在传照片";
    shot.about.appendChild(progress);
    shot.error = null;
    const form = new FormData();
    form.append("photo", shot.file, "photo");
    const sending = (shot.sending = new XMLHttpRequest());
    sending.open("POST", "/api/photos");
    sending.timeout = 180000;
    sending.upload.onprogress = function (e) { if (e.lengthComputable) progress.value = e.loaded / e.total; };
    sending.onload = function () {
      let data = {};
      try { data = JSON.parse(sending.responseText); } catch (e) { /* not ours: a proxy's page */ }
      if (sending.status === 200 && data.name) self.done(shot, data.name);
      else self.fail(shot, data.error || "照片没有传上去。", sending.status !== 413 && sending.status !== 422);
    };
    sending.onerror = sending.ontimeout = function () { self.fail(shot, "网络不通，照片没有传上去。", true); };
    sending.send(form);
  };

  Tray.prototype.done = function (shot, name) {
    shot.name = name;
    shot.sending = null;
    shot.about.textContent = "照片传好了";
    this.settle();
  };

  Tray.prototype.fail = function (shot, why, again) {
    const self = this;
    shot.error = why;
    shot.sending = null;
    shot.about.textContent = "";
    shot.about.appendChild(make("span", "bad", why));
    const old = shot.item.querySelector(".again");
    if (old) shot.item.removeChild(old);
    if (again) {
      const button = make("button", "again", "再传");
      button.type = "button";
      button.addEventListener("click", function () { shot.item.removeChild(button); self.upload(shot); self.settle(); });
      shot.item.insertBefore(button, shot.item.lastChild);
    }
    this.settle();
  };

  Tray.prototype.remove = function (shot) {
    if (shot.sending) shot.sending.abort();
    URL.revokeObjectURL(shot.image.src);
    this.shots = this.shots.filter(function (other) { return other !== shot; });
    this.list.removeChild(shot.item);
    this.settle();
  };

  Tray.prototype.settle = function () {
    this.list.hidden = !this.shots.length;
    this.changed();
  };

  Tray.prototype.isBusy = function () { return this.shots.some(function (s) { return !s.name && !s.error; }); };
  Tray.prototype.hasFailed = function () { return this.shots.some(function (s) { return s.error; }); };
  Tray.prototype.names = function () {
    return this.shots.filter(function (s) { return s.name; }).map(function (s) { return s.name; });
  };
  Tray.prototype.empty = function () { this.shots.slice().forEach(this.remove, this); };

  xiaoer.Tray = Tray;
})();
