// Posts a message as WeChat does: waits five seconds, cuts the line, sends again, three times in
// all, each with a fresh timestamp, nonce and signature. Prints what a person would have seen.
//
//   node platform.mjs '{"url", "mode", "token", "key", "id", "fields": {...}, "lib", "cut"}'
import { createHash, randomBytes } from "node:crypto";
import { createRequire } from "node:module";

import * as wecom from "@wecom/crypto";

const require = createRequire(import.meta.url);
const WeChatCrypto = require("wechat-crypto");

const asked = JSON.parse(process.argv[2]);
const crypto = new WeChatCrypto(asked.token, asked.key, asked.id);

function sign(...parts) {
  return createHash("sha1").update([asked.token, ...parts].sort().join("")).digest("hex");
}

function seal(text) {
  return asked.lib === "wecom" ? wecom.encrypt(asked.key, text, asked.id) : crypto.encrypt(text);
}

function open(sealed) {
  return asked.lib === "wecom" ? wecom.decrypt(asked.key, sealed).message : crypto.decrypt(sealed).message;
}

function field(xml, name) {
  const found = xml.match(new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</${name}>`));
  return found ? found[1] : undefined;
}

function message() {
  const lines = Object.entries(asked.fields).map(([name, value]) =>
    typeof value === "number" ? `<${name}>${value}</${name}>` : `<${name}><![CDATA[${value}]]></${name}>`,
  );
  return lines.join("");
}

function post() {
  const moment = String(asked.now ?? Math.floor(Date.now() / 1000));
  const nonce = randomBytes(5).toString("hex");
  const query = new URLSearchParams({ signature: sign(moment, nonce), timestamp: moment, nonce });
  let body = `<xml>${message()}</xml>`;
  if (asked.mode !== "plain") {
    const sealed = seal(body);
    query.set("encrypt_type", "aes");
    query.set("msg_signature", sign(moment, nonce, sealed));
    const kept = asked.mode === "compatible" ? message() : "<ToUserName>gh</ToUserName>";
    body = `<xml>${kept}<Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`;
  }
  return fetch(`${asked.url}?${query}`, {
    method: "POST",
    body,
    headers: { "content-type": "text/xml" },
    signal: AbortSignal.timeout(asked.cut ?? 5000),
  });
}

function read(body) {
  if (body === "success" || body === "") return { text: "" };
  const sealed = field(body, "Encrypt");
  if ((sealed !== undefined) !== (asked.mode !== "plain")) return { fault: "answered in another mode" };
  if (sealed === undefined) return { text: field(body, "Content") };
  const signed = sign(field(body, "TimeStamp"), field(body, "Nonce"), sealed);
  if (signed !== field(body, "MsgSignature")) return { fault: "wrong signature" };
  return { text: field(open(sealed), "Content") };
}

const began = Date.now();
let outcome = { fault: "no answer" };
let tries = 0;
while (tries < 3 && outcome.fault === "no answer") {
  tries += 1;
  try {
    const answer = await post();
    const body = await answer.text();
    outcome = answer.status === 200 ? read(body) : { fault: `HTTP ${answer.status}` };
  } catch (error) {
    if (error.name !== "TimeoutError") outcome = { fault: String(error) };
  }
}
console.log(JSON.stringify({ ...outcome, tries, ms: Date.now() - began }));
